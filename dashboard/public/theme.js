/* Before the first paint: the theme of the URL, else the one chosen last, else the system's. Kept apart because the page's
   content security policy allows no inline script. */
(function () {
  var named = /[?&]theme=(light|dark)\b/.exec(location.hash);
  var theme = named ? named[1] : null;
  try {
    if (!theme) theme = localStorage.getItem('socratic-theme');
  } catch {
    /* storage is off: the system's theme holds */
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();
