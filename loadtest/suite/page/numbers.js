"use strict";
// Draws the page from the results that are embedded in it.
const results = JSON.parse(document.getElementById("results").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const cells = new Map(results.cells.map(c => [`${c.profile} ${c.server}`, c]));
const cellOf = (profile, server) => cells.get(`${profile} ${server}`);
const figureOf = (profile, server, name) => (cellOf(profile, server) || {})[name];
const inGroup = group => results.profiles.filter(p => p.group === group);
const MIB = 1048576;

// ---- numbers and elements

function number(value, digits) {
    if (value === undefined || value === null) return "";
    const places =
        digits ?? (value >= 100 || value === 0 ? 0 : value >= 10 ? 1 : value >= 0.095 ? 2 : 4);
    return value.toLocaleString("en", {
        minimumFractionDigits: places,
        maximumFractionDigits: places,
    });
}
const time = us =>
    us === undefined
        ? ""
        : us >= 1e6
          ? `${number(us / 1e6)} s`
          : us >= 1000
            ? `${number(us / 1e3)} ms`
            : `${number(us, 0)} µs`;
const bytes = b =>
    b >= MIB * 1024
        ? `${b / MIB / 1024} GiB`
        : b >= MIB
          ? `${b / MIB} MiB`
          : b >= 1024
            ? `${b / 1024} KiB`
            : `${b} B`;
const count = n => (n >= 1e6 ? `${n / 1e6}M` : n >= 1000 ? `${n / 1000}k` : `${n}`);

function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
}
function tableRow(values, cell = "td", classes = []) {
    const row = element("tr");
    values.forEach((value, i) =>
        row.append(value instanceof Node ? value : element(cell, value, classes[i])),
    );
    return row;
}
function fill(id, heads, rows, classes = []) {
    const table = document.getElementById(id);
    if (heads) {
        const head = element("thead");
        head.append(tableRow(heads, "th", classes));
        table.append(head);
    }
    const body = element("tbody");
    rows.forEach(row => body.append(tableRow(row, "td", classes)));
    table.append(body);
}
const titleOf = name => (results.servers.find(s => s.name === name) || {title: name}).title;
const isOwn = name => name.startsWith("torc-");

// ---- colours: a server has the same one in every figure

const HUES = [
    ["#d1495b", "#f2707f"],
    ["#e08e1b", "#f0a93c"],
    ["#2a6f97", "#5aa9d6"],
    ["#3f8f5b", "#62bd80"],
    ["#7b5ea7", "#a98bd6"],
    ["#8a6d3b", "#c2a069"],
    ["#c05299", "#e081bd"],
    ["#4d7c8a", "#7fb2c1"],
    ["#6c757d", "#a3acb5"],
    ["#5f8d00", "#97c93d"],
    ["#a44a3f", "#d67d72"],
    ["#3d5a80", "#86a8d4"],
    ["#00808a", "#3cc4cf"],
    ["#b8860b", "#e0b84c"],
    ["#9b2226", "#e06a6e"],
    ["#386641", "#84b98f"],
    ["#6d3fc0", "#b494f2"],
    ["#ad5f00", "#eb9a3f"],
];
const colours = new Map(results.servers.map((s, i) => [s.name, HUES[i % HUES.length]]));
const colourOf = name => colours.get(name)[dark.matches ? 1 : 0];
function ink() {
    const style = getComputedStyle(document.documentElement);
    const value = name => style.getPropertyValue(name).trim();
    return {
        text: value("--ink"),
        soft: value("--soft"),
        line: value("--line"),
        paper: value("--paper"),
    };
}
