import type { PageEnvironment } from './environment.js';
import { RoomError } from './errors.js';
import type { DeviceInfo, DevicesState, RoomStateStore } from './room-state.js';

/** Where sound comes out, in the words of the native SDKs (api-facts §7). */
export type AudioRoute = 'SPEAKER_PHONE' | 'WIRED_HEADSET' | 'EARPIECE' | 'BLUETOOTH' | 'NONE';

/** The web SDK's shape of the device list. */
export interface DeviceListing {
  result: 0;
  devices: { cam: MediaDeviceInfo[]; mic: MediaDeviceInfo[]; speaker: MediaDeviceInfo[] };
  /** Output routes there are, each once. */
  routes: AudioRoute[];
}

export interface DeviceListListener {
  added(device: MediaDeviceInfo): void;
  removed(device: MediaDeviceInfo): void;
  /** Sound comes out somewhere else now. */
  routed(route: AudioRoute): void;
}

/** Route of a speaker by its label; browsers tell no more. */
export function routeOf(label: string, isPhone: boolean): AudioRoute {
  if (/bluetooth|airpods|hands-?free/i.test(label)) return 'BLUETOOTH';
  if (/headset|headphone|wired|usb/i.test(label)) return 'WIRED_HEADSET';
  if (isPhone && /earpiece|receiver/i.test(label)) return 'EARPIECE';
  return 'SPEAKER_PHONE';
}

/** Microphones, cameras and speakers of this machine, kept up to date while somebody is interested. */
export class DeviceList {
  #known: MediaDeviceInfo[] | undefined;
  #route: AudioRoute | undefined;
  #watching = false;
  readonly #changed = (): void => void this.refresh();

  constructor(
    private readonly environment: PageEnvironment,
    private readonly store: RoomStateStore,
    private readonly listener: DeviceListListener,
  ) {}

  /** Reads the list and follows its changes until {@link stop}. Never rejects. */
  async watch(): Promise<void> {
    if (!this.#watching) {
      this.#watching = true;
      this.environment.mediaDevices()?.addEventListener?.('devicechange', this.#changed);
    }
    await this.refresh();
  }

  stop(): void {
    this.#watching = false;
    this.environment.mediaDevices()?.removeEventListener?.('devicechange', this.#changed);
  }

  async refresh(): Promise<void> {
    const before = this.#known;
    const devices = await this.#enumerate();
    if (!this.#watching) return;
    this.#known = devices;
    const ofKind = (kind: MediaDeviceKind): readonly DeviceInfo[] =>
      Object.freeze(
        devices
          .filter((device) => device.kind === kind)
          .map(({ deviceId, label, groupId }) => Object.freeze({ id: deviceId, label, groupId })),
      );
    this.choose({
      microphones: ofKind('audioinput'),
      cameras: ofKind('videoinput'),
      speakers: ofKind('audiooutput'),
      canChooseSpeaker: this.environment.canChooseSpeaker?.() ?? false,
    });
    const { speakerId } = this.store.current.devices;
    const isGone = speakerId !== '' && !devices.some(({ deviceId }) => deviceId === speakerId);
    if (isGone) this.choose({ speakerId: '' });
    if (before) {
      for (const device of missingFrom(before, devices)) this.listener.added(device);
      for (const device of missingFrom(devices, before)) this.listener.removed(device);
    }
    this.#tellRoute(isGone);
  }

  choose(changes: Partial<DevicesState>): void {
    this.store.update({ devices: Object.freeze({ ...this.store.current.devices, ...changes }) });
  }

  /** @throws {RoomError} `not-enabled` in browsers without the choice, `device-not-found` */
  setSpeaker(id: string): void {
    const { canChooseSpeaker, speakers } = this.store.current.devices;
    if (!canChooseSpeaker) throw new RoomError('not-enabled', 'This browser chooses the speaker itself.');
    if (id !== '' && !speakers.some((speaker) => speaker.id === id)) {
      throw new RoomError('device-not-found', 'There is no such speaker.');
    }
    this.choose({ speakerId: id });
    this.#tellRoute();
  }

  async listing(): Promise<DeviceListing> {
    const devices = await this.#enumerate();
    const ofKind = (kind: MediaDeviceKind): MediaDeviceInfo[] =>
      devices.filter((device) => device.kind === kind);
    const speaker = ofKind('audiooutput');
    return {
      result: 0,
      devices: { cam: ofKind('videoinput'), mic: ofKind('audioinput'), speaker },
      routes:
        speaker.length > 0 ? [...new Set(speaker.map(({ label }) => this.#routeOf(label)))] : [this.#only],
    };
  }

  /** Where sound comes out at the moment. */
  async selected(): Promise<AudioRoute> {
    const speakers = (await this.#enumerate()).filter(({ kind }) => kind === 'audiooutput');
    return this.#selectedOf(speakers);
  }

  #selectedOf(speakers: { deviceId: string; label: string }[]): AudioRoute {
    if (speakers.length === 0) return this.#only;
    const { speakerId } = this.store.current.devices;
    const chosen = speakers.find(({ deviceId }) => deviceId === (speakerId || 'default')) ?? speakers[0]!;
    return this.#routeOf(chosen.label);
  }

  /** @param always the speaker that was chosen is gone; another one of the same kind may have taken its place */
  #tellRoute(always = false): void {
    const speakers = (this.#known ?? []).filter(({ kind }) => kind === 'audiooutput');
    const route = this.#selectedOf(speakers);
    const before = this.#route;
    this.#route = route;
    if (always || (before !== undefined && before !== route)) this.listener.routed(route);
  }

  #routeOf(label: string): AudioRoute {
    return routeOf(label, /mobile|android/i.test(this.environment.userAgent()));
  }

  /** Browsers that keep speakers to themselves play all the same, unless they do not do media at all. */
  get #only(): AudioRoute {
    return this.environment.supportsWebRtc() ? 'SPEAKER_PHONE' : 'NONE';
  }

  async #enumerate(): Promise<MediaDeviceInfo[]> {
    try {
      return (await this.environment.mediaDevices()?.enumerateDevices?.()) ?? [];
    } catch {
      return [];
    }
  }
}

/** Entries of `after` that `before` did not have. Before permission there are nameless ones, which are nobody. */
const missingFrom = (before: MediaDeviceInfo[], after: MediaDeviceInfo[]): MediaDeviceInfo[] =>
  after.filter(
    ({ deviceId, kind }) =>
      deviceId !== '' && !before.some((other) => other.deviceId === deviceId && other.kind === kind),
  );
