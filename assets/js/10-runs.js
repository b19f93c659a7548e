// That this module has come and runs: until then what only it can work has its place on the page, and after a while no more.
document.documentElement.classList.add("runs");
