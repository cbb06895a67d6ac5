"""Referrals: the list, one referral, and making one."""
