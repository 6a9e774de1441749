import type { Participant } from './participant.js';
import type { People } from './people.js';
import { RequestError } from './request-error.js';

/** Where data belongs; both last as long as the session here, as nothing of it is kept on disk. */
export const dataScopes = ['room', 'session'] as const;
export type DataScope = (typeof dataScopes)[number];

/** What a page of the application keeps with the room (protocol §6 `setCustomData`, `saveCustomData`, `getCustomData`). */
export class CustomData {
  /** Of the JSON of one scope, UTF-8. */
  static readonly MAX_BYTES = 65_536;
  readonly #data = new Map<DataScope, unknown>();

  constructor(private readonly people: People) {}

  /** For `room-connected`: only what there is. */
  get view(): { customRoomData?: unknown; customSessionData?: unknown } {
    return {
      ...(this.#data.has('room') ? { customRoomData: this.#data.get('room') } : {}),
      ...(this.#data.has('session') ? { customSessionData: this.#data.get('session') } : {}),
    };
  }

  get(scope: DataScope): unknown {
    return this.#data.get(scope) ?? null;
  }

  /** Replaces all of a scope; everybody else is told. @throws {RequestError} `not-authorised`, `parameter-invalid`, `text-too-large` */
  set(participant: Participant, scope: DataScope, data: unknown): void {
    this.#store(participant, scope, data);
    const payload = { result: 0, scope, data, clientId: participant.clientId };
    this.people.broadcast('CustomDataUpdated', payload, participant);
  }

  /** The same, or what is there already; others are told that, not what. @throws {RequestError} as {@link set} */
  save(participant: Participant, scope: DataScope, data: unknown): void {
    if (data === undefined) this.#mayWrite(participant);
    else this.#store(participant, scope, data);
    const payload = { result: 0, scope, msg: 'success', clientId: participant.clientId };
    this.people.broadcast('CustomDataSaved', payload, participant);
  }

  #mayWrite({ role }: Participant): void {
    if (role === 'viewer' || role === 'audience')
      throw new RequestError('not-authorised', 'Your role may not change data.');
  }

  #store(participant: Participant, scope: DataScope, data: unknown): void {
    this.#mayWrite(participant);
    const json = JSON.stringify(data) as string | undefined;
    if (json === undefined) throw new RequestError('parameter-invalid', 'There is no data.');
    if (Buffer.byteLength(json) > CustomData.MAX_BYTES)
      throw new RequestError('text-too-large', 'The data is too large.');
    this.#data.set(scope, data);
  }
}
