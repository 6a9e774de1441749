import type { NetworkEvent } from '../../src/engine/environment.js';
import { TestEnvironment } from './test-environment.js';

type Battery = { level: number; charging: boolean };

/** A test environment whose browser also notices the network and the battery, as not every one does. */
export class SensingEnvironment extends TestEnvironment {
  readonly #network = new Set<(event: NetworkEvent) => void>();
  readonly #battery = new Set<(battery: Battery) => void>();
  battery: Battery = { level: 0.5, charging: false };

  readonly canChooseSpeaker = (): boolean => true;

  readonly watchNetwork = (listener: (event: NetworkEvent) => void): (() => void) => {
    this.#network.add(listener);
    return () => void this.#network.delete(listener);
  };

  readonly watchBattery = (listener: (battery: Battery) => void): (() => void) => {
    this.#battery.add(listener);
    listener(this.battery);
    return () => void this.#battery.delete(listener);
  };

  /** Something happens to the network of the device. */
  network(event: NetworkEvent): void {
    for (const listener of [...this.#network]) listener(event);
  }

  setBattery(battery: Battery): void {
    this.battery = battery;
    for (const listener of [...this.#battery]) listener(battery);
  }

  /** Who still listens. */
  get watchers(): number {
    return this.#network.size + this.#battery.size;
  }
}
