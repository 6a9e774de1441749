import type { RoomConnected } from '../protocol/index.js';
import { comeBack, type ComingBack } from './coming-back.js';
import type { EngineEnvironment } from './environment.js';
import { RoomError } from './errors.js';

export interface Knocking extends Pick<ComingBack, 'maxAttempts' | 'intervalMs' | 'isOver'> {
  /**
   * Resolves when let in.
   * @param attempt 0 = the first connection @param waitedAs client id of who waited before, empty for the first
   */
  connect(attempt: number, waitedAs: string): Promise<RoomConnected>;
  /** Client id under which the server told us to wait on the newest connection; empty if it did not. */
  awaitedAs(): string;
}

/**
 * Waits to be let in. A connection that is lost while waiting is made again, on the same token, as the one who waits:
 * the server has kept their place, or has forgotten it and hears the knock anew. Each time that it tells us to wait, the
 * counting of attempts begins anew.
 * @throws {RoomError} what the last connection failed of
 */
export async function knock(environment: EngineEnvironment, plan: Knocking): Promise<RoomConnected> {
  let message: RoomConnected | undefined;
  let failure: unknown;
  let waitedAs = '';
  const attempt = async (number: number): Promise<'back' | 'failed' | 'refused'> => {
    try {
      message = await plan.connect(number, waitedAs);
      return 'back';
    } catch (error) {
      failure = error;
      if (plan.isOver() || RoomError.from(error).name !== 'server-unreachable') return 'refused';
      const isWaiting = plan.awaitedAs() !== '';
      if (isWaiting) waitedAs = plan.awaitedAs();
      return isWaiting ? 'back' : 'failed';
    }
  };
  let outcome: string = await attempt(0);
  while (!message && outcome === 'back' && plan.maxAttempts > 0) {
    outcome = await comeBack(environment, { ...plan, detectionUrl: undefined, attempt });
    if (outcome === 'over') throw new RoomError('normal-disconnect', 'The room was left while waiting.');
  }
  if (message) return message;
  throw failure;
}
