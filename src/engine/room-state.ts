import type { Role } from '../protocol/index.js';
import type { ConnectionState } from './connection-state.js';
import { guarded } from './emitter.js';
import type { RoomError } from './errors.js';

/** What a local device is doing. `unavailable` = asked for and not to be had; see `RoomState.deviceErrors`. */
export type DeviceState = 'off' | 'starting' | 'on' | 'muted' | 'unavailable';

/** Somebody in the room, oneself included. */
export interface ParticipantState {
  readonly clientId: string;
  readonly name: string;
  readonly role: Role;
  readonly isSelf: boolean;
  readonly audioMuted: boolean;
  readonly videoMuted: boolean;
  /** Muted by oneself as a moderator, and not released since; nobody is told what other moderators did. */
  readonly audioHardMuted: boolean;
  readonly videoHardMuted: boolean;
}

/** A remote participant who is in one of the receiving slots. */
export interface TalkerState {
  /** Receiving slot, 1…N. Stays the same while the talker is listed. */
  readonly slot: number;
  readonly clientId: string;
  readonly name: string;
  /** Sends sound at the moment. */
  readonly audio: boolean;
  /** Sends a picture at the moment. */
  readonly video: boolean;
  /** Can be heard right now. */
  readonly talking: boolean;
  readonly pinned: boolean;
  readonly spotlighted: boolean;
  /** The server sends no picture, or a poorer one, because the path to us is too narrow. */
  readonly lowBandwidth: boolean;
  /**
   * Sound and picture of the slot while there is a picture, else sound alone; one of two objects that live as long as
   * the receiving connection.
   */
  readonly stream: MediaStream | undefined;
}

export interface ChatMessage {
  /** Unique within this room object, in order of appearance. */
  readonly id: number;
  readonly senderId: string;
  readonly from: string;
  readonly text: string;
  /** Server time, milliseconds since the epoch. */
  readonly timestamp: number;
  readonly broadcast: boolean;
  /** Client ids it was written to; empty for everyone. */
  readonly recipients: readonly string[];
  readonly isSelf: boolean;
}

/** A microphone, camera or speaker of this machine. */
export interface DeviceInfo {
  /** The browser's `deviceId`. */
  readonly id: string;
  /** Empty before the person has given permission. */
  readonly label: string;
  readonly groupId: string;
}

/** What there is to choose from, and what is chosen; an empty id leaves the choice to the browser. */
export interface DevicesState {
  readonly microphones: readonly DeviceInfo[];
  readonly cameras: readonly DeviceInfo[];
  readonly speakers: readonly DeviceInfo[];
  readonly microphoneId: string;
  readonly cameraId: string;
  readonly speakerId: string;
  /** The browser can send sound to a speaker of our choice. */
  readonly canChooseSpeaker: boolean;
}

/** Somebody by id and name, as lists of the server tell it. */
export interface PersonState {
  readonly clientId: string;
  readonly name: string;
}

/** Who may speak in a lecture (protocol §11.4). Moderators see the lists; everybody sees their own standing. */
export interface FloorState {
  readonly own: 'none' | 'requested' | 'granted' | 'invited';
  readonly requests: readonly PersonState[];
  readonly granted: readonly PersonState[];
  readonly invited: readonly PersonState[];
}

/** A raised hand. */
export interface HandState {
  readonly clientId: string;
  /** When it was raised, milliseconds since the epoch. */
  readonly since: number;
}

/** How large the pictures of others should be at most; `Auto` leaves it to the server. */
export const receiveQualities = ['HD', 'SD', 'LD', 'Auto'] as const;
export type ReceiveQuality = (typeof receiveQualities)[number];

/** How and why a session ended. */
export interface Ending {
  readonly reason: EndingReason;
  /** Published number of the cause. */
  readonly code: number;
  readonly message: string;
}
export type EndingReason =
  | 'left'
  | 'removed'
  | 'dismissed'
  | 'room-empty'
  | 'denied'
  | 'expired'
  | 'replaced'
  | 'reconnect-failed'
  | 'network';

/** Everything a user interface needs to know, frozen; a new object after every change. */
export interface RoomState {
  readonly connection: ConnectionState;
  readonly roomId: string;
  readonly roomName: string;
  readonly clientId: string;
  readonly name: string;
  readonly role: Role;
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
  /** Why a device is `unavailable`. */
  readonly deviceErrors: { readonly microphone?: RoomError; readonly camera?: RoomError };
  /** Preview of what the camera sees; empty without camera. */
  readonly localStream: MediaStream | undefined;
  /** Oneself can be heard right now. */
  readonly talking: boolean;
  /** Own stream has arrived at the server. */
  readonly published: boolean;
  /** Is one among the talkers that others see? */
  readonly active: boolean;
  /** In order of joining, oneself first. */
  readonly participants: readonly ParticipantState[];
  /** Most recent talker first. */
  readonly talkers: readonly TalkerState[];
  /** Sound of all slots, whether anybody is in them or not: play them all and nobody is missed. */
  readonly slotStreams: readonly MediaStream[];
  readonly messages: readonly ChatMessage[];
  /** The shared screen; one's own included. */
  readonly share:
    | {
        readonly clientId: string;
        readonly name: string;
        readonly isSelf: boolean;
        readonly stream: MediaStream | undefined;
      }
    | undefined;
  /** The room lets people share. */
  readonly canShare: boolean;
  /** Nobody but moderators gets in. */
  readonly locked: boolean;
  /** Muted by a moderator: the person cannot undo it. */
  readonly hardMuted: { readonly audio: boolean; readonly video: boolean };
  /** Everybody but moderators is muted, newcomers included. */
  readonly roomMuted: boolean;
  /** Newcomers have to knock. */
  readonly knock: boolean;
  /** In a `lecture` only moderators and who has the floor are seen and heard. */
  readonly mode: 'group' | 'lecture';
  readonly floor: FloorState;
  /** Raised hands, longest first, one's own included. */
  readonly hands: readonly HandState[];
  /** People who ask for another role; only moderators hear of them. */
  readonly roleRequests: readonly (PersonState & { readonly role: string })[];
  /** The server records the room. */
  readonly recording: boolean;
  /** When the room closes, milliseconds since the epoch; `undefined` without a limit. */
  readonly endsAt: number | undefined;
  /** Client ids pinned by oneself. */
  readonly pinned: readonly string[];
  /** Client ids a moderator put into everybody's view. */
  readonly spotlighted: readonly string[];
  /** No pictures are sent or received. */
  readonly audioOnly: boolean;
  /** No media at all. */
  readonly chatOnly: boolean;
  readonly receiveQuality: ReceiveQuality;
  /** How many talkers one receives, and the most there can be; 0 while unknown. */
  readonly talkerCount: number;
  readonly maxTalkers: number;
  /** The path to us is too narrow for what others send. */
  readonly lowBandwidth: boolean;
  /** One talks into a muted microphone. */
  readonly mutedWhileTalking: boolean;
  /** Microphones, cameras and speakers of this machine. */
  readonly devices: DevicesState;
  /** People who knock; only moderators hear of them. */
  readonly guests: readonly { readonly clientId: string; readonly name: string }[];
  /** Why one has to wait, while `connection` is `awaiting`. */
  readonly awaiting: 'knock' | 'wait_for_moderator' | undefined;
  readonly reconnect: { readonly attempt: number; readonly maxAttempts: number } | undefined;
  /** Why joining failed or the session broke. */
  readonly error: RoomError | undefined;
  readonly ending: Ending | undefined;
}

export const initialRoomState: RoomState = Object.freeze({
  connection: 'idle',
  roomId: '',
  roomName: '',
  clientId: '',
  name: '',
  role: 'participant',
  microphone: 'off',
  camera: 'off',
  deviceErrors: Object.freeze({}),
  localStream: undefined,
  talking: false,
  published: false,
  active: false,
  participants: Object.freeze([]),
  talkers: Object.freeze([]),
  slotStreams: Object.freeze([]),
  messages: Object.freeze([]),
  share: undefined,
  canShare: false,
  locked: false,
  hardMuted: Object.freeze({ audio: false, video: false }),
  roomMuted: false,
  knock: false,
  mode: 'group',
  floor: Object.freeze({
    own: 'none',
    requests: Object.freeze([]),
    granted: Object.freeze([]),
    invited: Object.freeze([]),
  }),
  hands: Object.freeze([]),
  roleRequests: Object.freeze([]),
  recording: false,
  endsAt: undefined,
  pinned: Object.freeze([]),
  spotlighted: Object.freeze([]),
  audioOnly: false,
  chatOnly: false,
  receiveQuality: 'Auto',
  talkerCount: 0,
  maxTalkers: 0,
  lowBandwidth: false,
  mutedWhileTalking: false,
  devices: Object.freeze({
    microphones: Object.freeze([]),
    cameras: Object.freeze([]),
    speakers: Object.freeze([]),
    microphoneId: '',
    cameraId: '',
    speakerId: '',
    canChooseSpeaker: false,
  }),
  guests: Object.freeze([]),
  awaiting: undefined,
  reconnect: undefined,
  error: undefined,
  ending: undefined,
});

/** What of the state belongs to a session and is gone with it; the conversation and the person's devices stay. */
export const sessionState = {
  published: false,
  active: false,
  talking: false,
  mutedWhileTalking: false,
  participants: initialRoomState.participants,
  talkers: initialRoomState.talkers,
  slotStreams: initialRoomState.slotStreams,
  share: undefined,
  roomMuted: false,
  mode: initialRoomState.mode,
  floor: initialRoomState.floor,
  hands: initialRoomState.hands,
  roleRequests: initialRoomState.roleRequests,
  recording: false,
  endsAt: undefined,
  pinned: initialRoomState.pinned,
  spotlighted: initialRoomState.spotlighted,
  receiveQuality: initialRoomState.receiveQuality,
  talkerCount: 0,
  maxTalkers: 0,
  lowBandwidth: false,
  guests: initialRoomState.guests,
  hardMuted: initialRoomState.hardMuted,
  awaiting: undefined,
  reconnect: undefined,
} as const satisfies Partial<RoomState>;

/** Holds the one current {@link RoomState} and tells when it changed. */
export class RoomStateStore {
  #state: RoomState = initialRoomState;
  readonly #listeners = new Set<(state: RoomState) => void>();

  get current(): RoomState {
    return this.#state;
  }

  /** Replaces these keys. Nothing happens when none of them differs. */
  update(changes: Partial<RoomState>): void {
    const keys = Object.keys(changes) as (keyof RoomState)[];
    if (keys.every((key) => Object.is(this.#state[key], changes[key]))) return;
    this.#state = Object.freeze({ ...this.#state, ...changes });
    for (const listener of [...this.#listeners]) guarded(() => listener(this.#state));
  }

  /** @returns a function that ends the subscription. */
  subscribe(listener: (state: RoomState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
