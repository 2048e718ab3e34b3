package dev.torc.http;

import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.reflect.Type;

/// JSON as a body: what must hold before a codec reads or writes it. Refuses by exception, since it
/// is the application that asks.
final class JsonBody {
    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] CONTENT_ENCODING = Ascii.bytes("content-encoding");
    // What most clients send, in lower case, needs no parsing.
    private static final byte[] PLAIN = Ascii.bytes("application/json");
    private static final byte[] PLAIN_UTF_8 = Ascii.bytes("application/json; charset=utf-8");

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

    /// Writes an answer of this type, which `Accept` must allow unless it is to a failure.
    static void write(Request request, boolean failing, MediaType type, Object value, JsonText text)
            throws IOException {
        if (!failing && !Accept.allows(request.accept(), type.essence())) {
            throw new StatusException(Status.NOT_ACCEPTABLE, "this is " + type.essence());
        }
        request.jsonCodec().write(value, text);
    }

    /// RFC 8259 sections 8.1 and 11: UTF-8, whatever a charset parameter says; one that says
    /// something else is taken at its word.
    private static void checkType(Request request) {
        Fields fields = request.head().fields();
        int index = fields.find(CONTENT_TYPE);
        boolean single = index >= 0 && fields.find(CONTENT_TYPE, index + 1) < 0;
        if (!single) throw unsupported("send application/json");
        if (!isValue(fields, index, PLAIN) && !isValue(fields, index, PLAIN_UTF_8)) {
            checkType(MediaType.parse(fields.value(index)));
        }
        int coding = fields.find(CONTENT_ENCODING);
        if (coding >= 0 && !fields.value(coding).equalsIgnoreCase("identity")) {
            throw unsupported("send JSON without a content coding");
        }
    }

    private static void checkType(@Nullable MediaType type) {
        if (type == null || !isJson(type.essence())) throw unsupported("send application/json");
        String charset = type.parameter("charset");
        if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
            throw unsupported("send JSON in UTF-8");
        }
    }

    private static boolean isValue(Fields fields, int index, byte[] lowerCase) {
        return Ascii.equalsIgnoreCase(
                fields.valueAddress(index), fields.valueLength(index), lowerCase);
    }

    private static boolean isJson(String essence) {
        return essence.equals("application/json") || essence.endsWith("+json");
    }

    private static StatusException unsupported(String remedy) {
        return new StatusException(Status.UNSUPPORTED_MEDIA_TYPE, remedy);
    }
}
