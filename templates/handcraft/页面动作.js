// 各县情况：查找、筛选、从方格图跳到县。没有它，页面上的内容也都在。
(function () {
  "use strict";
  var list = document.getElementById("list");
  if (!list) return;
  document.documentElement.classList.add("js");
  var cards = Array.prototype.slice.call(list.querySelectorAll(".county"));
  var box = document.getElementById("find"), said = document.getElementById("shown");
  var choices = Array.prototype.slice.call(document.querySelectorAll("input[name=state]"));

  function plain(text) { return text.normalize("NFKC").toLowerCase().replace(/\s+/g, ""); }
  // 汉字可以在名称的任何位置；拼音、代码从头对起
  function matches(card, word) {
    return card.dataset.find.split(" ").some(function (part) {
      part = plain(part);
      return /^[\x00-\x7f]+$/.test(word) ? part.indexOf(word) === 0 : part.indexOf(word) >= 0;
    });
  }
  function chosen() { var one = choices.filter(function (c) { return c.checked; })[0]; return one ? one.value : ""; }
  function show() {
    var word = plain(box.value), state = chosen(), count = 0;
    cards.forEach(function (card) {
      var fits = (!word || matches(card, word)) && (!state || (" " + card.dataset.states + " ").indexOf(" " + state + " ") >= 0);
      card.hidden = !fits;
      if (fits) count += 1;
    });
    said.textContent = count ? "列出 " + count + " 个单位" : "没有符合条件的单位";
  }
  function open() {
    var card = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!card || !card.classList.contains("county")) return;
    if (card.hidden) { box.value = ""; choices.forEach(function (c) { c.checked = !c.value; }); show(); }
    card.open = true;
    card.querySelector("summary").focus();
    card.scrollIntoView();
  }
  box.addEventListener("input", show);
  choices.forEach(function (c) { c.addEventListener("change", show); });
  window.addEventListener("hashchange", open);
  show();
  open();
})();
