type Call = (name: string, ...args: unknown[]) => Promise<unknown>;

/** What the permission is for. */
export type ShareKind = 'screen' | 'canvas';

/**
 * Who may share, in rooms where that has to be asked for (protocol §5.7). Each verb resolves when the server has done it
 * and rejects with the number it gave: 4101 without the right, 1707 where there is nothing to answer.
 */
export class SharePermissions {
  constructor(private readonly call: Call) {}

  /** Whether people have to ask; moderators only. @param mode as the server knows it, such as `open` or `moderated` */
  async setMode(kind: ShareKind, mode: string): Promise<void> {
    await this.#send('set-permission-mode', kind, { mode });
  }

  async request(kind: ShareKind): Promise<void> {
    await this.#send('req-permission', kind);
  }

  async cancel(kind: ShareKind): Promise<void> {
    await this.#send('cancel-permission', kind);
  }

  async grant(kind: ShareKind, clientId: string): Promise<void> {
    await this.#send('grant-permission', kind, { clientId });
  }

  async deny(kind: ShareKind, clientId: string): Promise<void> {
    await this.#send('deny-permission', kind, { clientId });
  }

  /** Gives one's own permission back, or takes that of somebody. */
  async release(kind: ShareKind, clientId?: string): Promise<void> {
    await this.#send('release-permission', kind, clientId === undefined ? {} : { clientId });
  }

  async #send(req: string, pubType: ShareKind, more: object = {}): Promise<void> {
    await this.call('auxilaryPublishRequests', { req, pubType, ...more });
  }
}
