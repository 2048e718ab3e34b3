package dev.torc.http;

/// Puts each request's [id][Request#id()] on its response, as `X-Request-Id`: also when it fails,
/// or no route takes it, if this is a router's first filter. Allocates nothing.
public final class RequestIds implements Filter {
    public RequestIds() {}

    @Override
    public void handle(Request request, Response response, Handler next) throws Exception {
        response.requestId(request.identified());
        next.handle(request, response);
    }
}
