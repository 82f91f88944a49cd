"""What the plateau schedules look at: falling, stalling, rising losses."""

import math

LOSSES = [5 + 4 * math.cos(0.9 * k) / (1 + k // 12) for k in range(40)]
