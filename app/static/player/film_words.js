/** What video.js says to people in Japanese, where its own words are not those of this house. */

export const JAPANESE = {
  "Video Player": "動画",
  "Play Video": "再生",
  Replay: "もう一度見る",
  "Current Time": "再生位置",
  Duration: "全体の長さ",
  "Progress Bar": "再生位置",
  "progress bar timing: currentTime={1} duration={2}": "{2}のうち{1}",
  Fullscreen: "全画面",
  "Exit Fullscreen": "全画面を終わる",
  Mute: "音を消す",
  Unmute: "音を出す",
  "Volume Level": "音量",
  "Playback Rate": "再生速度",
  Captions: "字幕",
  "captions off": "字幕なし",
  "captions settings": "字幕の見え方",
  ", opens captions settings dialog": "（設定を開く）",
  ", selected": "（選択中）",
  "Caption Settings Dialog": "字幕の見え方",
  Done: "閉じる",
};
