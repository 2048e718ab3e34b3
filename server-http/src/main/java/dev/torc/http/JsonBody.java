package dev.torc.http;

import java.lang.reflect.Type;
import java.util.List;

/// Reads a request's body as JSON: what must hold before a codec sees it. Refuses by exception,
/// since it is the application that asks.
final class JsonBody {
    private JsonBody() {}

    static Object read(Request request, JsonCodec codec, Type type) {
        checkType(request);
        int bytes = request.body().length();
        if (bytes == 0) throw new StatusException(Status.BAD_REQUEST, "no JSON in an empty body");
        if (!Utf8.isValid(request.body().address(), bytes)) {
            throw new StatusException(Status.BAD_REQUEST, "JSON that is not UTF-8");
        }
        return codec.read(request.bodyBytes(), type);
    }

    /// RFC 8259 sections 8.1 and 11: UTF-8, whatever a charset parameter says; one that says
    /// something else is taken at its word.
    private static void checkType(Request request) {
        List<String> types = request.headers("Content-Type");
        MediaType type = types.size() == 1 ? MediaType.parse(types.getFirst()) : null;
        if (type == null || !isJson(type.essence())) throw unsupported("send application/json");
        String charset = type.parameter("charset");
        if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
            throw unsupported("send JSON in UTF-8");
        }
        String coding = request.header("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw unsupported("send JSON without a content coding");
        }
    }

    private static boolean isJson(String essence) {
        return essence.equals("application/json") || essence.endsWith("+json");
    }

    private static StatusException unsupported(String remedy) {
        return new StatusException(Status.UNSUPPORTED_MEDIA_TYPE, remedy);
    }
}
