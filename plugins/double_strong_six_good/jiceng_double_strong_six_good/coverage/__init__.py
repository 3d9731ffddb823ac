"""How far organizations reach into units: separate, joint, few members, none; who should found one."""
