// For families. Everything works without this file; with it pages come faster, and less of them stays in the browser's history.
import { watchLeaving } from "./_leave.js";
import { watchSteps } from "./_steps.js";

document.documentElement.classList.add("scripted");
watchLeaving();
watchSteps();
