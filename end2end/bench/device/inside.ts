// What a measured page is given before its own scripts run; the same for Rounds and for what it is compared with.

export interface Inside extends Window {
  inside: {
    /** Tasks of the main thread over 50 ms: when they began and how long they took, milliseconds. */
    tasks: { at: number; ms: number }[];
    /** The longest event of each interaction, by its id, milliseconds: what takes less than 16 is not told. */
    interactions: Map<number, number>;
    /** What the wasm modules of the page have, bytes. */
    wasmBytes(): number;
    /** Milliseconds since the navigation at which the first row of a list was in the document and laid out. */
    listed: Promise<number>;
    /** The same once nothing stands over the list that was drawn by an earlier start. */
    answers: Promise<number>;
    drawn(act: () => unknown, until?: (() => boolean)[], within?: string, frames?: number): Promise<number[]>;
  };
}

/** Stands by itself: its text is what runs in the page. `row` selects what the first list begins with. */
export function install(row: string): void {
  const memories = new Set<WebAssembly.Memory>();
  const noteMemory = (instance: WebAssembly.Instance) => {
    for (const one of Object.values(instance.exports)) if (one instanceof WebAssembly.Memory) memories.add(one);
  };
  for (const name of ["instantiate", "instantiateStreaming"] as const) {
    const own = WebAssembly[name] as (...args: unknown[]) => Promise<WebAssembly.WebAssemblyInstantiatedSource | WebAssembly.Instance>;
    Object.assign(WebAssembly, {
      [name]: async (...args: unknown[]) => {
        const made = await own.apply(WebAssembly, args);
        noteMemory("instance" in made ? made.instance : made);
        return made;
      },
    });
  }

  const tasks: { at: number; ms: number }[] = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push({ at: startTime, ms: duration });
  }).observe({ type: "longtask", buffered: true });

  const interactions = new Map<number, number>();
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries() as (PerformanceEntry & { interactionId: number })[]) {
      if (interactionId) interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);

  const changes = { childList: true, subtree: true, characterData: true, attributes: true };
  const laidOut = () => void document.body?.offsetHeight;

  const since = (holds: () => unknown) =>
    new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!holds()) return;
        observer.disconnect();
        // In a task of its own, as the browser lays it out: it is not the app's that drew it.
        setTimeout(() => resolve((laidOut(), performance.now())));
      });
      observer.observe(document, changes);
    });
  const listed = since(() => document.querySelector(row));
  const answers = since(() => document.querySelector(row) && !document.getElementById("shell"));

  /**
   * Milliseconds from now until what `act` changes is in the document and laid out, for each of the conditions; without
   * one until the last change before so many frames without any, and of what the selector `within` finds until the last before
   * two. Waiting for the screen's next refresh is not counted: it depends on when somebody types, and not on what is measured.
   */
  async function drawn(act: () => unknown, until: (() => boolean)[] = [], within?: string, frames = 2): Promise<number[]> {
    const found: number[] = until.map(() => 0);
    let [changed, part, partIsThere] = [0, 0, !within];
    const began = performance.now();
    const isInPart = ({ target, addedNodes }: MutationRecord) => {
      const [element] = [target, target.parentElement].filter((node) => node instanceof Element);
      return element?.closest(within!) || [...addedNodes].some((node) => node instanceof Element && node.querySelector(within!));
    };
    const note = (records: MutationRecord[] = []) => {
      laidOut();
      changed = performance.now();
      if (!partIsThere && records.some(isInPart)) part = changed;
      until.forEach((holds, at) => (found[at] ||= holds() ? changed : 0));
    };
    const observer = new MutationObserver(note);
    observer.observe(document.body, changes);
    await act();
    if (!changed) note();
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    for (let still = 0; still < frames || found.includes(0); ) {
      if (performance.now() - began > 60_000) throw new Error("after a minute what was waited for is still not there");
      const [before, partBefore] = [changed, part];
      await frame();
      await frame();
      still = before === changed ? still + 2 : 0;
      partIsThere ||= part > 0 && part === partBefore;
    }
    observer.disconnect();
    return (until.length ? found : [changed, part || changed]).map((at) => at - began);
  }

  const wasmBytes = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  Object.assign(window, { inside: { tasks, interactions, wasmBytes, listed, answers, drawn } });
}
