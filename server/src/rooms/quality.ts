/**
 * Video bitrates by room quality, kbit/s (protocol §12), and simulcast layers that are worth having (§4.5): below
 * 640 × 360 a third of them would be a stamp.
 */
export const qualityBitrates = {
  FD: { startKbps: 1000, minimumKbps: 150, standardKbps: 1500, maximumKbps: 2500, layers: 3 },
  HD: { startKbps: 800, minimumKbps: 150, standardKbps: 1200, maximumKbps: 1500, layers: 3 },
  SD: { startKbps: 500, minimumKbps: 100, standardKbps: 700, maximumKbps: 900, layers: 3 },
  LD: { startKbps: 300, minimumKbps: 60, standardKbps: 400, maximumKbps: 500, layers: 2 },
} as const;
