/** The bell and the ring-back tone, made by oscillators: no file, and it falls silent at once. */
export class RingTone {
    /** @param {() => AudioContext | null} context called when a tone is to sound */
    constructor(context: () => AudioContext | null);
    /** What sounds now: `ring` for the agent who is called, `ringback` for the one who calls. */
    get sounding(): "ring" | "ringback" | null;
    /** @param {'ring' | 'ringback' | null} tone null for silence */
    set(tone: "ring" | "ringback" | null): void;
    /** One short tone: a call that is answered by itself begins. */
    beep(): void;
    #private;
}
export type Cadence = {
    /**
     * Hz, sounded together
     */
    frequencies: number[];
    /**
     * ms: on, off, on, off, …
     */
    pattern: number[];
    /**
     * 0 … 1
     */
    gain: number;
};
