package dev.meshdojo.simulator.pilot.route;

import com.google.protobuf.ByteString;
import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction.RedirectResponseCode;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Rules that the gateway answers itself: redirects and direct responses. */
final class FixedAnswers {

    private FixedAnswers() {}

    static void redirect(Route.Builder out, JsonView redirect, int listenerPort, boolean tls) {
        RedirectResponseCode code = code(redirect.integer("redirectCode"));
        if (code == null) {
            return;
        }
        RedirectAction.Builder action =
                RedirectAction.newBuilder()
                        .setHostRedirect(redirect.text("authority"))
                        .setResponseCode(code);
        if (!redirect.text("prefixRewrite").isEmpty()) {
            action.setPrefixRewrite(redirect.text("prefixRewrite"));
        } else {
            action.setPathRedirect(redirect.text("uri"));
        }
        String scheme = redirect.text("scheme");
        if (!scheme.isEmpty()) {
            action.setSchemeRedirect(scheme);
        } else {
            scheme = tls ? "https" : "http";
        }
        int port = redirect.integer("port");
        if (redirect.text("derivePort").equals("FROM_REQUEST_PORT")) {
            port = listenerPort;
        }
        boolean implied =
                (port == 80 && scheme.equals("http")) || (port == 443 && scheme.equals("https"));
        action.setPortRedirect(implied ? 0 : port);
        out.setRedirect(action);
    }

    static void direct(Route.Builder out, JsonView response) {
        DirectResponseAction.Builder action =
                DirectResponseAction.newBuilder().setStatus(response.integer("status"));
        JsonView body = response.at("body");
        if (body.has("string")) {
            action.getBodyBuilder().setInlineString(body.text("string"));
        } else if (body.has("bytes")) {
            action.getBodyBuilder()
                    .setInlineBytes(
                            ByteString.copyFrom(
                                    Base64.getMimeDecoder().decode(body.text("bytes"))));
        }
        out.setDirectResponse(action);
    }

    private static @Nullable RedirectResponseCode code(int written) {
        return switch (written) {
            case 0, 301 -> RedirectResponseCode.MOVED_PERMANENTLY;
            case 302 -> RedirectResponseCode.FOUND;
            case 303 -> RedirectResponseCode.SEE_OTHER;
            case 307 -> RedirectResponseCode.TEMPORARY_REDIRECT;
            case 308 -> RedirectResponseCode.PERMANENT_REDIRECT;
            default -> null;
        };
    }
}
