import type { PageEnvironment } from './environment.js';

/** What of the browser is needed before a call: its devices, and what it can do. */
export const browserPage: PageEnvironment = {
  now: () => Date.now(),
  mediaDevices: () => navigator.mediaDevices,
  supportsWebRtc: () =>
    typeof RTCPeerConnection === 'function' && 'addTransceiver' in RTCPeerConnection.prototype,
  userAgent: () => navigator.userAgent,
  canChooseSpeaker: () => typeof HTMLMediaElement === 'function' && 'setSinkId' in HTMLMediaElement.prototype,

  meter(track) {
    // A clone of its own: muting the track for others must not make us deaf to who talks into a muted microphone.
    const heard = track.clone();
    heard.enabled = true;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(new MediaStream([heard])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    return {
      level() {
        // Browsers start it asleep until the person has touched the page.
        if (context.state === 'suspended') void context.resume().catch(() => {});
        analyser.getFloatTimeDomainData(samples);
        let sum = 0;
        for (const sample of samples) sum += sample * sample;
        return Math.min(1, Math.sqrt(sum / samples.length) * 2);
      },
      close() {
        heard.stop();
        void context.close().catch(() => {});
      },
    };
  },
};
