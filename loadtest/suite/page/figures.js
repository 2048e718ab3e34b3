// What is drawn of the results.

function core() {
    const about =
        "Microseconds of the server's CPU time for each request in the cheapest turn. " +
        "Lines reach to the upper quartile of all.";
    const special = ["startup", "idle", "balance", "static", "connections", "latency"];
    results.profiles
        .filter(p => !special.includes(p.group))
        .forEach((p, i) =>
            bars(p.title, i === 0 ? about : "", p.name, "cpu_us", "µs CPU per request"),
        );
}
function once() {
    bars(
        "Start to first answer",
        "From exec to the first byte of the first answer; median of five starts.",
        "startup",
        "milliseconds",
        "ms",
    );
    bars(
        "Memory of an idle connection",
        "Resident bytes of the server for each connection that stays open, without the kernel's.",
        "idle",
        "bytes_each",
        "bytes",
        v => number(v, 0),
    );
}
function details() {
    bars(
        "System calls",
        "For each request of plaintext, counted by perf in a turn of its own.",
        "plaintext",
        "syscalls",
        "calls per request",
    );
    bars(
        "Allocation",
        "Java: bytes on the heap for each request of plaintext.",
        "plaintext",
        "allocated_bytes",
        "bytes per request",
        v => number(v, 0),
    );
}
function sweeps() {
    const connections = {axis: log("connections", {logBase: 2, min: 16}), say: v => number(v, 0)};
    if (inGroup("connections").length > 1) {
        lines(
            place(
                "Throughput against connections",
                "Where lines meet, the load generator is what ends first.",
            ),
            overGroup("connections", c => c && c.requests_per_second),
            connections,
            {axis: {type: "value", name: "requests per second"}, say: count},
        );
        lines(
            place("CPU time against connections", "For each request."),
            overGroup("connections", c => c && c.cpu_us),
            connections,
            {axis: {type: "value", name: "µs CPU per request"}, say: v => number(v)},
        );
    }
    if (inGroup("static").length > 1) {
        const sizes = {
            axis: log("size of the file", {logBase: 4, min: 1024, max: 16 * MIB}),
            say: bytes,
        };
        lines(
            place(
                "Files by size and strategy",
                "CPU time for each answer. The strategies are Torc's, with nothing parsed.",
            ),
            overGroup("static", c => c && c.cpu_us),
            sizes,
            {axis: log("µs CPU per request"), say: v => number(v)},
        );
        lines(
            place("Bytes by size and strategy", "For each second of the server's CPU time."),
            overGroup("static", (c, p) => c && p.x / c.cpu_us / 1073.741824),
            sizes,
            {axis: log("GiB per CPU second"), say: v => number(v)},
        );
    }
}

// ---- latency

const nines = percent => -Math.log10(1 - percent / 100);
const percentOf = n => `${+(100 * (1 - 10 ** -n)).toPrecision(6)} %`;

function latency() {
    const rates = inGroup("latency");
    if (rates.length === 0) return;
    const x = {axis: {type: "value", name: "requests offered per second"}, say: count};
    ["50", "99"].forEach(percent =>
        lines(
            place(
                `Latency against offered load, p${percent}`,
                percent === "50"
                    ? "At fixed rates, from when a request was due: waiting counts. A line ends where a server no longer keeps up."
                    : "The slowest hundredth of the requests takes at least so long.",
            ),
            overGroup("latency", c => c && c.latency_us[percent]),
            x,
            {axis: log("latency"), say: time},
        ),
    );
    const section = place(
        "Percentile spectrum",
        "Each mark on the axis has a tenth of the requests above it that the last had.",
        true,
    );
    const label = element("label", "Offered: ");
    const select = element("select");
    rates.forEach(rate => select.append(new Option(rate.title, rate.name)));
    select.value = rates[Math.min(1, rates.length - 1)].name;
    label.append(select);
    section.append(label);
    const lists = () =>
        results.servers.map(server => ({
            server: server.name,
            points: (figureOf(select.value, server.name, "spectrum") || [])
                .filter(([p]) => p < 100)
                .map(([p, us]) => [nines(p), Math.max(us, 1)]),
        }));
    const most = () =>
        Math.ceil(Math.max(2, ...lists().flatMap(list => list.points.map(point => point[0]))));
    const whole = () => ({
        axis: {type: "value", min: 0, max: most(), interval: 1, name: "percentile"},
        say: percentOf,
    });
    const redraw = () => {
        section.querySelectorAll(".chart").forEach(box => {
            const at = drawn.findIndex(d => d.instance.getDom() === box);
            drawn.splice(at, 1)[0].instance.dispose();
            box.remove();
        });
        lines(section, lists(), whole(), {axis: log("latency"), say: time}, 420);
    };
    select.addEventListener("change", redraw);
    redraw();
}

// ---- balance

function balance() {
    const rows = results.servers
        .map(server => {
            const sums = new Map();
            results.threads
                .filter(t => t.server === server.name)
                .forEach(turn =>
                    Object.entries(turn.threads).forEach(([thread, seconds]) => {
                        const name = thread.slice(thread.indexOf("/") + 1);
                        sums.set(name, (sums.get(name) || 0) + seconds);
                    }),
                );
            const total = [...sums.values()].reduce((a, b) => a + b, 0);
            return {
                server,
                shares: new Map([...sums].map(([name, s]) => [name, (100 * s) / total])),
            };
        })
        .filter(row => row.shares.size > 0);
    if (rows.length === 0) return;
    const names = [...new Set(rows.flatMap(row => [...row.shares.keys()]))].sort();
    const section = place(
        "Balance over shards",
        "Whose CPU time it is, by thread, with 512 connections. Shards are named by number.",
    );
    chart(section, 110 + rows.length * 44, narrow => ({
        grid: {left: narrow ? 118 : 150, right: 30, top: 40, bottom: 44},
        legend: {top: 0, left: 0, itemWidth: 14, itemHeight: 8},
        tooltip: {
            trigger: "item",
            formatter: p => `${p.name}<br>${p.seriesName}: ${number(p.value, 1)} %`,
        },
        xAxis: {
            type: "value",
            max: 100,
            name: "% of the server's CPU time",
            nameLocation: "middle",
            nameGap: 26,
        },
        yAxis: {
            type: "category",
            inverse: true,
            data: rows.map(row => row.server.title),
            axisLabel: {color: ink().text, width: 140, overflow: "break"},
        },
        series: names.map((name, i) => ({
            name,
            type: "bar",
            stack: "all",
            barMaxWidth: 22,
            itemStyle: {color: HUES[(i + 2) % HUES.length][dark.matches ? 1 : 0]},
            data: rows.map(row => row.shares.get(name) || 0),
            label: {
                show: true,
                formatter: p => (p.value >= 12 ? number(p.value, 0) : ""),
                color: "#fff",
            },
        })),
    }));
}
