/**
 * Has a watch know what the player does, whatever order a browser tells it in.
 */

/**
 * @param {import("./videojs.js").Player} player
 * @param {import("./watch.js").Watch} watch
 * @param {() => number} moment
 */
export function follow(player, watch, moment) {
  const goesOn = () => !player.paused() && !player.seeking() && !player.ended();
  player.on("playing", () => {
    if (goesOn()) watch.play(player.currentTime(), moment());
  });
  player.on("timeupdate", () => {
    // While it looks for a place, the browser already tells of that one.
    if (player.seeking()) return;
    const place = player.currentTime();
    // Not every browser says that it plays after a jump within what it has.
    if (!watch.isPlaying && goesOn() && place > watch.place) watch.play(place, moment());
    else watch.time(place, moment());
  });
  player.on("seeking", () => watch.jump(moment()));
  player.on("seeked", () => {
    const hasData = player.readyState() > HTMLMediaElement.HAVE_CURRENT_DATA;
    if (goesOn() && hasData) watch.play(player.currentTime(), moment());
    else if (!player.seeking()) watch.time(player.currentTime(), moment());
  });
  player.on(["waiting", "pause"], () => {
    // At its end a film is paused, too: what comes next says that it is over.
    if (player.ended()) return;
    if (!player.seeking()) watch.time(player.currentTime(), moment());
    watch.stop(moment());
  });
  player.on("ended", () => watch.end(moment()));
  player.on("ratechange", () => watch.turn(player.playbackRate(), moment()));
}
