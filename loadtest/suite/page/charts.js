// ---- charts: bars and lines

const drawn = []; // what is drawn again when the colours or the width change

function place(title, text, full) {
    const section = element("section", undefined, full ? "full" : "");
    section.append(element("h2", title));
    if (text) section.append(element("p", text));
    document.getElementById("charts").append(section);
    return section;
}
function chart(section, height, option) {
    if (typeof echarts === "undefined") return;
    const box = element("div", undefined, "chart");
    box.style.height = `${height}px`;
    section.append(box);
    const instance = echarts.init(box, null, {renderer: "svg"});
    const draw = () => instance.setOption(base(option(box.clientWidth < 480)), true);
    draw();
    drawn.push({instance, draw});
    return draw;
}
function base(option) {
    const {text, soft, line, paper} = ink();
    const axis = one => ({
        nameTextStyle: {color: soft},
        axisLabel: {color: soft},
        axisLine: {lineStyle: {color: line}},
        ...one,
        splitLine: {lineStyle: {color: line}, ...one.splitLine},
    });
    return {
        animation: false,
        backgroundColor: "transparent",
        textStyle: {color: text, fontFamily: "system-ui, sans-serif"},
        ...option,
        xAxis: axis(option.xAxis),
        yAxis: axis(option.yAxis),
        tooltip: {
            backgroundColor: paper,
            borderColor: line,
            textStyle: {color: text},
            confine: true,
            ...option.tooltip,
        },
        legend: option.legend && {
            textStyle: {color: text},
            pageTextStyle: {color: text},
            pageIconColor: soft,
            ...option.legend,
        },
    };
}

// Bars of one figure by server, the best first; with quartiles where there are some.
function bars(title, text, profile, name, unit, say = number) {
    const rows = results.servers
        .map(server => ({server, cell: cellOf(profile, server.name)}))
        .filter(({cell}) => cell && (cell.failure || cell[name] !== undefined))
        .map(({server, cell}) => ({
            server,
            failure: cell.failure,
            value: cell.failure ? null : cell[name],
            quartiles: cell[`${name}_quartiles`],
        }))
        .sort((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity));
    if (!rows.some(row => row.value !== null)) return;
    if (unit.startsWith("µs") && rows.every(row => row.value === null || row.value >= 1000)) {
        rows.filter(row => row.value !== null).forEach(row => {
            row.value /= 1000;
            row.quartiles = row.quartiles.map(quartile => quartile / 1000);
        });
        unit = unit.replace("µs", "ms");
    }
    const section = place(title, text);
    chart(section, 60 + rows.length * 26, narrow => ({
        grid: {left: narrow ? 118 : 150, right: 60, top: 8, bottom: 44},
        xAxis: {
            type: "value",
            name: unit,
            nameLocation: "middle",
            nameGap: 26,
            splitNumber: narrow ? 3 : 5,
            max: Math.max(...rows.map(row => Math.max(row.value ?? 0, row.quartiles?.[1] ?? 0))),
            axisLabel: {showMaxLabel: false},
        },
        yAxis: {
            type: "category",
            inverse: true,
            data: rows.map(row => row.server.title),
            axisTick: {show: false},
            axisLabel: {
                color: ink().text,
                width: narrow ? 110 : 140,
                overflow: "truncate",
                interval: 0,
            },
        },
        tooltip: {
            trigger: "item",
            formatter: one => {
                const row = rows[one.dataIndex];
                const spread = row.quartiles
                    ? ` [${row.quartiles.map(v => say(v)).join(" – ")}]`
                    : "";
                return row.failure
                    ? `${row.server.title}: failed`
                    : `${row.server.title}: ${say(row.value)} ${unit}${spread}`;
            },
        },
        series: [
            {
                type: "bar",
                barMaxWidth: 16,
                data: rows.map(row => ({
                    value: row.value ?? 0,
                    itemStyle: {
                        color: colourOf(row.server.name),
                        opacity: isOwn(row.server.name) ? 1 : 0.72,
                        borderRadius: 2,
                    },
                })),
            },
            {
                // The values, beyond the bars and the whiskers.
                type: "scatter",
                silent: true,
                symbolSize: 1,
                z: 4,
                data: rows.map((row, i) => ({
                    value: [Math.max(row.value ?? 0, row.quartiles?.[1] ?? 0), i],
                    label: {
                        show: true,
                        position: "right",
                        distance: 6,
                        color: ink().text,
                        fontWeight: isOwn(row.server.name) ? 700 : 400,
                        formatter: row.failure ? "failed" : say(row.value),
                    },
                })),
            },
            {
                type: "custom",
                silent: true,
                renderItem: whisker,
                z: 3,
                data: rows
                    .map((row, i) =>
                        row.quartiles && row.value !== null
                            ? [Math.min(row.value, row.quartiles[0]), i, row.quartiles[1]]
                            : null,
                    )
                    .filter(Boolean),
            },
        ],
    }));
}
function whisker(params, api) {
    const from = api.coord([api.value(0), api.value(1)]);
    const to = api.coord([api.value(2), api.value(1)]);
    const stroke = {stroke: ink().text, lineWidth: 1.2, fill: null};
    const end = at => ({
        type: "line",
        shape: {x1: at[0], y1: at[1] - 4, x2: at[0], y2: at[1] + 4},
        style: stroke,
    });
    return {
        type: "group",
        children: [
            {type: "line", shape: {x1: from[0], y1: from[1], x2: to[0], y2: to[1]}, style: stroke},
            end(from),
            end(to),
        ],
    };
}

// Lines of a figure over the profiles of a group, one for each server that has it.
function lines(section, lists, x, y, height = 380) {
    const series = lists.filter(list => list.points.length > 0);
    if (series.length === 0) return;
    const legendRows = narrow => Math.ceil(series.length / (narrow ? 3 : 5));
    return chart(section, height, narrow => ({
        grid: {left: 62, right: 34, top: 36 + 15 * legendRows(narrow), bottom: 48},
        legend: {
            top: 0,
            left: 0,
            itemWidth: 16,
            itemHeight: 8,
            itemGap: 8,
            textStyle: {color: ink().text, width: narrow ? 110 : 130, overflow: "truncate"},
        },
        tooltip: {
            trigger: "item",
            formatter: p => `${p.seriesName}<br>${x.say(p.value[0])}: ${y.say(p.value[1])}`,
        },
        xAxis: {
            nameLocation: "middle",
            nameGap: 30,
            splitLine: {show: false},
            ...x.axis,
            axisLabel: {color: ink().soft, hideOverlap: true, formatter: x.say},
        },
        yAxis: {
            nameLocation: "end",
            nameTextStyle: {align: "left", color: ink().soft, padding: [0, 0, 0, -50]},
            ...y.axis,
            axisLabel: {color: ink().soft, formatter: y.say},
        },
        series: series.map(list => ({
            name: titleOf(list.server),
            type: "line",
            data: list.points,
            symbolSize: 6,
            symbol: "circle",
            lineStyle: {
                width: isOwn(list.server) ? 2.6 : 1.5,
                type: /-(nio|copy|sendfile|splice)/.test(list.server) ? "dashed" : "solid",
            },
            itemStyle: {color: colourOf(list.server)},
            emphasis: {focus: "series"},
        })),
    }));
}
const overGroup = (group, value) =>
    results.servers.map(server => ({
        server: server.name,
        points: inGroup(group)
            .map(p => [
                p.x,
                value(
                    figureOf(p.name, server.name, "failure")
                        ? undefined
                        : cellOf(p.name, server.name),
                    p,
                ),
            ])
            .filter(point => point[1] !== undefined && point[1] !== null),
    }));
const log = (name, extra) => ({type: "log", name, ...extra});
