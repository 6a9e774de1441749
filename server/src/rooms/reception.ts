import { CANVAS_SLOT, SHARE_SLOT, type Talker } from '../../../src/protocol/index.js';
import type { DownlinkNotice, PictureLimit, ReceiverView, SlotFeed, TransportId } from '../media/engine.js';
import type { Participant, Publication } from './participant.js';

/** What one participant said about the pictures they receive, and what their downlink lets through. */
export class Reception {
  /** Largest picture wanted in the talker slots (protocol §4.7). */
  limit: PictureLimit | undefined;
  /** Ids of the slots whose picture nobody looks at: not forwarded for now. */
  paused: ReadonlySet<number> = new Set();
  /** Slot index → the publisher whose picture there is no bandwidth for. */
  #starved: ReadonlyMap<number, TransportId> = new Map();

  /** There is no bandwidth for this picture in this slot. */
  isStarved(slotIndex: number, publisher: TransportId | undefined): boolean {
    return publisher !== undefined && this.#starved.get(slotIndex) === publisher;
  }

  setStarved(starved: DownlinkNotice['starved']): void {
    this.#starved = new Map(starved.map(({ slot, publisher }) => [slot, publisher]));
  }

  /** Takes what a client asks for in `updatestream`; what it does not mention stays. Odd values are no limit. */
  update(config: Record<string, unknown>): void {
    const { video, qualityLayer } = config as Record<string, Record<string, unknown> | null | undefined>;
    if (video && typeof video === 'object') {
      const { layer } = this.limit ?? {};
      this.limit = limitOf({ width: video.width, height: video.height, layer });
    }
    if (qualityLayer && typeof qualityLayer === 'object') {
      const { width, height } = this.limit ?? {};
      this.limit = limitOf({ width, height, layer: qualityLayer.spatialLayer });
    }
  }
}

/** −1 means "as it comes"; so does everything that is no size. */
function limitOf(given: { width: unknown; height: unknown; layer: unknown }): PictureLimit | undefined {
  const limit: PictureLimit = {};
  if (isSize(given.width)) limit.width = given.width;
  if (isSize(given.height)) limit.height = given.height;
  if (isSize(given.layer, 0)) limit.layer = given.layer;
  return Object.keys(limit).length > 0 ? limit : undefined;
}

const isSize = (value: unknown, least = 1): value is number =>
  typeof value === 'number' && value >= least && value <= 10_000;

/** Somebody in a slot of one receiver, and what of them that slot carries. */
interface SlotTalker {
  slot: number;
  talker: Participant;
  audio: boolean;
  video: boolean;
}

export interface Scene {
  receiver: Participant;
  /** Client ids of those to show, the most important first. */
  wanted: readonly string[];
  participants: ReadonlyMap<string, Participant>;
  talkerSlots: number;
  shared: { participant: Participant; publication: Publication } | undefined;
  canvas?: { participant: Participant; publication: Publication } | undefined;
}

/**
 * Who is in which slot of a receiver and what of them is carried: the first so many that can be heard, and the first
 * so many that can be seen (protocol §5.4).
 */
function slotTalkers({ receiver, wanted, participants, talkerSlots }: Scene): SlotTalker[] {
  const places = {
    audio: receiver.paused.audio ? 0 : (receiver.talkerLimits?.audio ?? talkerSlots),
    video: receiver.paused.video ? 0 : (receiver.talkerLimits?.video ?? talkerSlots),
  };
  return wanted.flatMap((clientId): SlotTalker[] => {
    const slot = receiver.slots.get(clientId);
    const talker = participants.get(clientId);
    if (slot === undefined || !talker) return [];
    const carries = (kind: 'audio' | 'video'): boolean =>
      Boolean(talker.camera?.[kind]) && !talker.isMuted(kind) && places[kind]-- > 0;
    return [{ slot, talker, audio: carries('audio'), video: carries('video') }];
  });
}

/** The talker list as this receiver gets it (protocol §5.2). It says what really arrives. */
export function talkerList(scene: Scene, spotlighted: ReadonlySet<string>): Talker[] {
  const { reception, pinned } = scene.receiver;
  return slotTalkers(scene).map(({ slot, talker, audio, video }) => {
    const isStarved = video && reception.isStarved(slot - 1, talker.camera?.transport);
    const hasPicture = video && !isStarved;
    return {
      streamId: slot,
      clientId: talker.clientId,
      name: talker.identity.name,
      mediatype: audio ? (hasPicture ? 'audiovideo' : 'audio') : hasPicture ? 'video' : 'none',
      reason: isStarved ? 'bw' : 'user',
      videomuted: talker.isMuted('video') || isStarved,
      ...(isStarved ? { muteDueToBw: true } : {}),
      pinned: pinned.has(talker.clientId),
      spotlighted: spotlighted.has(talker.clientId),
    };
  });
}

/** What the media engine is to send, in the order of the receiver's m-lines: talker slots, share, canvas. */
export function feedsOf(scene: Scene): { slots: SlotFeed[]; view: ReceiverView } {
  const { receiver, talkerSlots, shared, canvas } = scene;
  const seesPictures = receiver.talkerLimits?.video !== 0 && !receiver.paused.video;
  const { limit, paused } = receiver.reception;
  const slots: SlotFeed[] = Array.from({ length: talkerSlots + 2 }, () => ({}));
  const talkers = slotTalkers(scene);
  const fill = (index: number, { transport }: Publication, audio: boolean, video: boolean): void => {
    slots[index] = {
      ...(audio ? { audio: transport } : {}),
      ...(video && !paused.has(slotIdOf(index, talkerSlots)) ? { video: transport } : {}),
    };
  };
  for (const { slot, talker, audio, video } of talkers) {
    if (talker.camera?.ready) fill(slot - 1, talker.camera, audio, video);
  }
  const hasShare = shared !== undefined && shared.participant !== receiver;
  if (hasShare) {
    const { publication } = shared;
    fill(
      talkerSlots,
      publication,
      publication.audio && !receiver.paused.audio,
      publication.video && seesPictures,
    );
  }
  const hasCanvas = canvas !== undefined && canvas.participant !== receiver;
  if (hasCanvas) fill(talkerSlots + 1, canvas.publication, false, seesPictures);
  const order = talkers.map(({ slot }) => slot - 1);
  return {
    slots,
    view: {
      order: [...(hasShare ? [talkerSlots] : []), ...(hasCanvas ? [talkerSlots + 1] : []), ...order],
      ...(limit ? { limit } : {}),
      ...(hasShare ? { favoured: talkerSlots } : {}),
    },
  };
}

/** News of a receiver's downlink as the client is told of it (protocol §7, §12). */
export function bandwidthMessages(
  { receiver, talkerSlots, participants, shared, canvas }: Omit<Scene, 'wanted'>,
  { alert, slots }: DownlinkNotice,
): [event: string, payload: unknown][] {
  const messages: [string, unknown][] = [];
  if (slots.length > 0) {
    const names = new Map([...receiver.slots].map(([clientId, slot]) => [slot, participants.get(clientId)]));
    const entries = slots.map(({ slot, isLow }) => {
      const id = slotIdOf(slot, talkerSlots);
      const extra = { [talkerSlots]: shared, [talkerSlots + 1]: canvas }[slot];
      const person = slot < talkerSlots ? names.get(id) : extra?.participant;
      return { streamId: id, bw: isLow ? 'low' : 'normal', type: 'media', name: person?.identity.name ?? '' };
    });
    messages.push(['onBandwidthAlert', entries]);
  }
  if (alert) {
    const { bandwidthKbps, neededKbps, videos } = alert;
    // What one picture needs, kbit/s: the published example has it smaller than the bandwidth of a good downlink.
    const each = Math.ceil(neededKbps / Math.max(1, videos));
    const bandwidth = { bandwidth: bandwidthKbps, stream_bandwidth: each, number_of_videos: videos };
    messages.push(['onSelfBandwidthAlert', { message: 'SubscriberBandWidth', bandwidth }]);
  }
  return messages;
}

/** Talkers 1…N, then share and canvas. */
export const slotIds = (talkerSlots: number): number[] => [
  ...Array.from({ length: talkerSlots }, (_, index) => index + 1),
  SHARE_SLOT,
  CANVAS_SLOT,
];

const slotIdOf = (index: number, talkerSlots: number): number => slotIds(talkerSlots)[index]!;
