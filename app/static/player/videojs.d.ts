/** The little of video.js that the page of a video uses. */
export interface Representation {
  id: string;
  width?: number;
  height?: number;
  enabled(on?: boolean): boolean;
}

export interface Player {
  src(source: { src: string; type: string }): void;
  play(): Promise<void> | undefined;
  pause(): void;
  paused(): boolean;
  ended(): boolean;
  seeking(): boolean;
  readyState(): number;
  currentTime(): number;
  currentTime(seconds: number): void;
  duration(): number;
  volume(): number;
  volume(share: number): void;
  muted(): boolean;
  muted(on: boolean): void;
  playbackRate(): number;
  playbackRate(rate: number): void;
  playbackRates(rates: number[]): void;
  language(): string;
  isFullscreen(): boolean;
  requestFullscreen(): Promise<void>;
  exitFullscreen(): Promise<void>;
  error(): { code: number } | null;
  error(none: null): void;
  on(events: string | string[], heard: (event: any) => void): void;
  one(events: string | string[], heard: (event: any) => void): void;
  ready(heard: () => void): void;
  el(): HTMLElement;
  tech(isSafe: true): { vhs?: { representations?: () => Representation[] } };
  textTracks(): { length: number; [index: number]: TextTrack };
  addRemoteTextTrack(track: object, clean: boolean): unknown;
}

export interface VideoJs {
  (element: HTMLElement, options: object): Player;
  addLanguage(code: string, words: Record<string, string>): void;
  browser: { IS_ANY_SAFARI: boolean; IS_IOS: boolean };
}
