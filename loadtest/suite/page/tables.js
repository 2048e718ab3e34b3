// ---- tables

const COLUMNS = [
    ["server", cell => titleOf(cell.server)],
    ["CPU µs/request", cell => spread(cell, "cpu_us", 1)],
    ["ratio", cell => spread(cell, "ratio", 1, 2)],
    ["requests/s", cell => number(cell.requests_per_second, 0)],
    ["p50", cell => time(cell.latency_us?.["50"])],
    ["p99", cell => time(cell.latency_us?.["99"])],
    ["h2load p50", cell => time(cell.h2load_us?.["50"])],
    ["h2load p99", cell => time(cell.h2load_us?.["99"])],
    ["all busy µs", cell => number(cell.busy_us)],
    ["system calls", cell => number(cell.syscalls, 2)],
    ["waits", cell => number(cell.voluntary, 3)],
    ["preempted", cell => number(cell.involuntary, 3)],
    ["allocated B", cell => number(cell.allocated_bytes, 0)],
    ["JIT %", cell => (cell.compiler_share >= 0.01 ? number(100 * cell.compiler_share, 0) : "")],
    ["RSS MiB", cell => number(cell.rss_bytes / MIB, 0)],
];
const ONCE = {
    startup: [
        COLUMNS[0],
        ["median ms", c => number(c.milliseconds, 0)],
        ["all", c => c.all.map(v => number(v, 0)).join(", ")],
    ],
    idle: [
        COLUMNS[0],
        ["bytes each", c => number(c.bytes_each, 0)],
        ["connections", c => number(c.connections, 0)],
        ["RSS before MiB", c => number(c.rss_before_bytes / MIB, 0)],
        ["RSS MiB", c => number(c.rss_bytes / MIB, 0)],
    ],
};
function spread(cell, name, scale, digits) {
    const td = element("td");
    if (cell[name] === undefined || cell[name] === null) return td;
    td.append(number(cell[name] / scale, digits));
    const quartiles = cell[`${name}_quartiles`];
    if (quartiles)
        td.append(
            element("small", ` [${quartiles.map(v => number(v / scale, digits)).join("–")}]`),
        );
    return td;
}
function profileTable(profile) {
    const own = results.servers.map(s => cellOf(profile.name, s.name)).filter(Boolean);
    if (own.length === 0) return;
    const columns = (ONCE[profile.name] || COLUMNS).filter(
        ([, say], i) =>
            i === 0 ||
            own.some(cell => !cell.failure && (say(cell).textContent ?? say(cell)) !== ""),
    );
    const table = element("table");
    const head = element("thead");
    head.append(
        tableRow(
            columns.map(([name]) => name),
            "th",
        ),
    );
    const body = element("tbody");
    own.forEach(cell => {
        const row = cell.failure
            ? failedRow(cell, columns.length)
            : tableRow(columns.map(([, say]) => say(cell)));
        if (isOwn(cell.server)) row.className = "own";
        body.append(row);
    });
    table.append(head, body);
    const wide = element("div", undefined, "wide");
    wide.append(table);
    const known =
        profile.connections > 0 && !ONCE[profile.name]
            ? `, ${profile.connections} connections`
            : "";
    document
        .getElementById("tables")
        .append(
            element(
                "h3",
                profile.title.includes("connections") ? profile.title : profile.title + known,
            ),
            wide,
        );
}
function failedRow(cell, width) {
    const row = tableRow([titleOf(cell.server)]);
    const why = element("td", `failed: ${cell.failure}`, "failed");
    why.colSpan = width - 1;
    row.append(why);
    return row;
}

function words() {
    const {machine, options} = results;
    document.getElementById("subject").textContent =
        `${machine.host}, ${machine.processor}, ${machine.cpus} CPUs, Linux ${machine.kernel}. ` +
        `Server on CPU ${machine["cpu sets"].server}, load on CPU ${machine["cpu sets"].load}. ` +
        `${options.rounds} round${options.rounds > 1 ? "s" : ""}, ` +
        `${number(results.seconds / 60, 1)} minutes, commit ${machine.commit.slice(0, 12)}.`;
    document.getElementById("base").textContent = titleOf(results.servers[0].name);
    const show = (id, rows) => {
        document.getElementById(id).hidden = rows.length === 0;
    };
    show("problems", results.failures);
    fill(
        "failures",
        ["server", "profile", "round", "what happened"],
        results.failures.map(f => [titleOf(f.server), f.profile, f.round, f.reason]),
        ["fixed", "text fixed", "", "text"],
    );
    show("notes", results.notes);
    results.notes.forEach(note => document.getElementById("notes").append(element("p", note)));
    show("omitted", results.left_out);
    fill(
        "left-out",
        null,
        results.left_out.map(row => [row.what, row.why]),
        ["fixed", "text"],
    );
    const about = Object.entries(machine).concat(
        Object.entries(options).map(([k, v]) => [`--${k.replaceAll("_", "-")}`, v]),
    );
    const plain = v =>
        typeof v === "object"
            ? Object.entries(v)
                  .map(pair => pair.join(" "))
                  .join(", ")
            : String(v);
    fill(
        "machine",
        null,
        about
            .filter(([, v]) => v !== "")
            .map(([k, v]) => [k, plain(v)])
            .concat([["charts", results.chartLibrary || "none"]]),
        ["fixed", "text"],
    );
    fill(
        "commands",
        null,
        results.servers.map(s => [
            s.title,
            (results.processes[s.name] || s.command.join(" ")).replace(/\S{300,}/, "CLASSPATH"),
        ]),
        ["fixed", "text"],
    );
    fill(
        "answers",
        ["server", "profile", "header lines"],
        results.answers
            .filter(a => a.profile === "plaintext")
            .map(a => [
                titleOf(a.server),
                a.profile,
                Object.entries(a.headers)
                    .map(pair => pair.join(": "))
                    .join(" · "),
            ]),
        ["fixed", "text fixed", "text"],
    );
}

words();
core();
once();
details();
sweeps();
latency();
balance();
results.profiles.forEach(profileTable);
const redrawAll = () =>
    drawn.forEach(({instance, draw}) => {
        instance.resize();
        draw();
    });
dark.addEventListener("change", redrawAll);
addEventListener("resize", redrawAll);
