package dev.torc.uring.abi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the constants of a structure's class are in C.
record CStruct(String type, List<Map.Entry<String, String>> entries) {
    static CStruct struct(String tag) {
        return new CStruct("struct " + tag, new ArrayList<>());
    }

    CStruct size(String name) {
        return is(name, "sizeof(" + type + ")");
    }

    CStruct at(String name, String member) {
        return is(name, "offsetof(" + type + ", " + member + ")");
    }

    CStruct is(String name, String expression) {
        entries.add(Map.entry(name, expression));
        return this;
    }

    Map<String, String> expressions() {
        Map<String, String> expressions = new TreeMap<>();
        entries.forEach(entry -> expressions.put(entry.getKey(), entry.getValue()));
        return expressions;
    }
}
