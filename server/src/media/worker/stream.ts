import type { Kind, Source } from './source.js';

/** What one m-line of a publisher sends: one source, or one for each layer of a simulcast. */
export class Stream {
  /** A layer that sends nothing this long while another one does was switched off by its sender … */
  static readonly #STALLED_MS = 800;
  /** … unless that other one fell silent as well. */
  static readonly #ALIVE_MS = 400;

  readonly #layers = new Map<string, Source>();
  /** In the order of the offer. */
  #offered: Source[] = [];

  /** @param order names of the layers as offered, which senders list from the smallest picture up. */
  constructor(
    readonly kind: Kind,
    private readonly order: readonly string[] = [],
  ) {}

  /** @param layer its name; empty for a stream without layers. A source that is there already is replaced. */
  set(layer: string, source: Source): void {
    this.#layers.set(layer, source);
    const names = [...this.#layers.keys()].sort((a, b) => this.order.indexOf(a) - this.order.indexOf(b));
    this.#offered = names.map((name) => this.#layers.get(name)!);
  }

  get(layer: string): Source | undefined {
    return this.#layers.get(layer);
  }

  /** The source of a stream without layers, else that of its smallest layer. */
  get first(): Source | undefined {
    return this.layers[0];
  }

  /** The smallest picture first: by measure, and as offered until every layer was measured. */
  get layers(): readonly Source[] {
    const offered = this.#offered;
    if (offered.length < 2 || offered.some(({ size }) => !size)) return offered;
    return [...offered].sort((a, b) => area(a) - area(b));
  }

  /** Layers that can be had now: senders switch the large ones off when their uplink is short. */
  liveLayers(nowMs: number): Source[] {
    return this.layers.filter((layer) => !this.isStalled(layer, nowMs));
  }

  isStalled(layer: Source, nowMs: number): boolean {
    return (
      nowMs - layer.lastPacketMs > Stream.#STALLED_MS &&
      this.#offered.some((other) => other !== layer && nowMs - other.lastPacketMs <= Stream.#ALIVE_MS)
    );
  }
}

const area = ({ size }: Source): number => size!.width * size!.height;
