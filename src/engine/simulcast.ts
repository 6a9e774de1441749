/** The same picture in several sizes, so that every receiver can get the one that fits (protocol §4.5, RFC 8853). */

/** Names of the layers, the smallest first: browsers give up the last ones when their uplink is short. */
const rids = ['l', 'm', 'h'];
/** Bitrate of a layer compared with the largest one, by how many halvings it is smaller. */
const shares = [1, 0.35, 0.125];
/** Below these heights a further layer would be too small to be of use, and Chromium would not send it. */
const leastHeights = [0, 270, 540];

/**
 * Encodings for a picture of this size; of one so small that not all layers are worth having the last ones are off.
 * @param layers how many there are, 1…3; they cannot become more or fewer later
 * @param height the shorter side of the picture, pixels; `Infinity` if unknown
 * @param maxKbps of the largest layer; 0 leaves it to the browser
 */
export function layerEncodings(layers: number, height: number, maxKbps: number): RTCRtpEncodingParameters[] {
  if (layers < 2) return [maxKbps > 0 ? { maxBitrate: maxKbps * 1000 } : {}];
  const useful = leastHeights.filter((least, index) => index < layers && height >= least).length;
  return rids.slice(0, layers).map((rid, index) => {
    const halvings = Math.max(0, useful - 1 - index);
    return {
      rid,
      active: index < useful,
      scaleResolutionDownBy: 2 ** halvings,
      ...(maxKbps > 0 ? { maxBitrate: Math.round(maxKbps * 1000 * shares[halvings]!) } : {}),
    };
  });
}
