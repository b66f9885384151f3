// Before video.js: styles stand in style sheets, as the page's policy wants it.
Object.assign(window, { VIDEOJS_NO_DYNAMIC_STYLE: true });
