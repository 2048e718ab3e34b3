package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.Filter;
import dev.torc.http.Handler;
import dev.torc.http.HttpServer;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.Status;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A filter that lets only those pass who know the token. They are compared in a time that does not
/// depend on how much of it was right, so nobody can find it out piece by piece.
public final class TokenLogin implements Filter {
    private final byte[] expected;

    private TokenLogin(String token) {
        expected = bytes("Bearer " + token);
    }

    static HttpServer start(ServerConfig config, String token) {
        TokenLogin login = new TokenLogin(token);
        Handler page = (_, response) -> response.send("welcome\n");
        Router router =
                new Router()
                        .get("/", page)
                        .group("/admin", admin -> admin.filter(login).get("", page));
        return HttpServer.start(config, router);
    }

    @Override
    public void handle(Request request, Response response, Handler next) throws Exception {
        if (isAllowed(request.header("Authorization"))) {
            next.handle(request, response);
        } else {
            response.status(Status.UNAUTHORIZED).header("WWW-Authenticate", "Bearer").send();
        }
    }

    private boolean isAllowed(@Nullable String credentials) {
        return credentials != null && MessageDigest.isEqual(bytes(credentials), expected);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static void main(String[] arguments) throws InterruptedException {
        Usage.require(arguments, "TokenLogin", "TOKEN");
        HttpServer server = start(ServerConfig.defaults(), arguments[0]);
        System.out.println("http://127.0.0.1:" + server.port() + "/admin");
        server.await();
    }
}
