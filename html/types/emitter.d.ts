/**
 * Typed events: `on` returns the function that takes the listener off again. A listener that throws
 * is reported like any uncaught error and hinders neither the others nor the caller.
 *
 * @template {Record<string, any>} Events the event names and what each carries
 */
export class Emitter<Events extends Record<string, any>> {
    /**
     * @template {keyof Events} K
     * @param {K} event
     * @param {(detail: Events[K]) => void} listener
     * @returns {() => void} takes the listener off again
     */
    on<K extends keyof Events>(event: K, listener: (detail: Events[K]) => void): () => void;
    /**
     * @template {keyof Events} K
     * @param {K} event
     * @param {(detail: Events[K]) => void} listener
     * @returns {() => void}
     */
    once<K extends keyof Events>(event: K, listener: (detail: Events[K]) => void): () => void;
    /**
     * @template {keyof Events} K
     * @param {K} event
     * @param {(detail: Events[K]) => void} listener
     */
    off<K extends keyof Events>(event: K, listener: (detail: Events[K]) => void): void;
    /**
     * @template {keyof Events} K
     * @param {K} event
     * @param {Events[K]} detail
     */
    emit<K extends keyof Events>(event: K, detail: Events[K]): void;
    #private;
}
