import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { EmbeddedMediaEngine } from './media/embedded-engine.js';
import type { RoomRegistry } from './rooms/room-registry.js';
import type { Webhooks } from './webhooks/webhooks.js';

/** Prometheus metrics of one server; a registry of its own, so that several servers fit into one process. */
export function createMetrics(
  rooms: RoomRegistry,
  engine: EmbeddedMediaEngine,
  webhooks: Webhooks | undefined,
) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const count = (
    of: (session: RoomRegistry['sessions'] extends Iterable<infer S> ? S : never) => number,
  ): number => {
    let sum = 0;
    for (const session of rooms.sessions) sum += of(session);
    return sum;
  };
  new Gauge({
    name: 'enx_rooms',
    help: 'Rooms with at least one participant',
    registers: [registry],
    collect() {
      this.set(count(() => 1));
    },
  });
  new Gauge({
    name: 'enx_participants',
    help: 'Participants in all rooms',
    registers: [registry],
    collect() {
      this.set(count((session) => session.participants.size));
    },
  });
  new Gauge({
    name: 'enx_participants_away',
    help: 'Of these, whose connection broke and who are waited for',
    registers: [registry],
    collect() {
      this.set(
        count(
          (session) => [...session.participants.values()].filter((participant) => participant.away).length,
        ),
      );
    },
  });
  new Gauge({
    name: 'enx_publications',
    help: 'Streams that participants send',
    registers: [registry],
    collect() {
      this.set(
        count((session) => {
          let publications = 0;
          for (const participant of session.participants.values())
            publications += participant.publications.size;
          return publications;
        }),
      );
    },
  });
  new Gauge({
    name: 'enx_media_workers',
    help: 'Media worker processes that are running',
    registers: [registry],
    collect() {
      this.set(engine.workerPids.length);
    },
  });
  const connections = new Counter({
    name: 'enx_connections_total',
    help: 'Signalling connections since the start',
    registers: [registry],
  });
  if (webhooks) {
    new Gauge({
      name: 'enx_webhooks_waiting',
      help: 'Events that the receiver of webhooks has not taken yet',
      registers: [registry],
      collect() {
        this.set(webhooks.waiting);
      },
    });
    new Gauge({
      name: 'enx_webhooks',
      help: 'Events since the start, by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
      collect() {
        for (const [outcome, number] of Object.entries(webhooks.counts)) this.set({ outcome }, number);
      },
    });
  }
  return { registry, connections };
}
