package dev.torc.standalone;

import dev.torc.http.Handler;
import dev.torc.http.Method;
import dev.torc.http.QueryParameters;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Status;
import dev.torc.http.StatusException;

import java.util.List;

/// The sum of the integers in a query and, for a POST, of the one that is the body: little work,
/// but all of a request is looked at. Any thread.
final class Baseline implements Handler {
    private static final int INTEGER_CHARACTERS_MAX = 20;

    Baseline() {}

    @Override
    public void handle(Request request, Response response) {
        QueryParameters query = request.query();
        String problem = query.problem();
        if (problem != null) throw new StatusException(Status.BAD_REQUEST, problem);
        long sum = 0;
        for (List<String> values : query.toMap().values()) {
            for (String value : values) sum = plus(sum, value);
        }
        if (request.method() == Method.POST) {
            boolean fits = request.body().length() <= INTEGER_CHARACTERS_MAX;
            sum = plus(sum, fits ? request.bodyText() : "");
        }
        response.send(Long.toString(sum));
    }

    private static long plus(long sum, String text) {
        int sign = text.startsWith("-") ? 1 : 0;
        boolean digits = text.length() > sign;
        for (int i = sign; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits) throw new StatusException(Status.BAD_REQUEST, "all values must be integers");
        try {
            return Math.addExact(sum, Long.parseLong(text));
        } catch (NumberFormatException | ArithmeticException overflow) {
            throw new StatusException(Status.BAD_REQUEST, "the sum must fit in 64 bits");
        }
    }
}
