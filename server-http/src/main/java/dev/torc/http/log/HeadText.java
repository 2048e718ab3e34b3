package dev.torc.http.log;

import dev.torc.http.EndedRequest;
import dev.torc.http.log.LineBuffer.Escape;
import dev.torc.http.message.Fields;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

/// Parts of a request's head, copied to a line. On the shard's thread; allocates nothing.
final class HeadText {
    private HeadText() {}

    /// The head, if at least its request line is there.
    static @Nullable RequestHead requestLineOf(EndedRequest request) {
        RequestHead head = request.head();
        return head == null || !head.isRequestLineParsed() ? null : head;
    }

    static void addMethod(RequestHead head, LineBuffer line, Escape escape) {
        line.addRaw(head.address() + head.methodStart(), head.methodLength(), escape);
    }

    static void addTarget(RequestHead head, LineBuffer line, Escape escape) {
        int bytes = head.targetEnd() - head.targetStart();
        line.addRaw(head.address() + head.targetStart(), bytes, escape);
    }

    /// The first value of the field with this name; false if there is none.
    static boolean addField(
            RequestHead head, byte[] lowerCaseName, LineBuffer line, Escape escape) {
        if (head.refusal() != null) return false; // which fields are there is not known
        Fields fields = head.fields();
        int index = fields.find(lowerCaseName);
        if (index < 0) return false;
        line.addRaw(fields.valueAddress(index), fields.valueLength(index), escape);
        return true;
    }
}
