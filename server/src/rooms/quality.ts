/** Video bitrates by room quality, kbit/s (protocol §12). */
export const qualityBitrates = {
  FD: { startKbps: 1000, minimumKbps: 150, standardKbps: 1500, maximumKbps: 2500 },
  HD: { startKbps: 800, minimumKbps: 150, standardKbps: 1200, maximumKbps: 1500 },
  SD: { startKbps: 500, minimumKbps: 100, standardKbps: 700, maximumKbps: 900 },
  LD: { startKbps: 300, minimumKbps: 60, standardKbps: 400, maximumKbps: 500 },
} as const;
