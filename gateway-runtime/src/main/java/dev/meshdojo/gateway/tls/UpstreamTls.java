package dev.meshdojo.gateway.tls;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Client-side TLS towards an upstream. Thread-safe. */
public final class UpstreamTls {

    private static final Pattern OPENSSL_ERROR =
            Pattern.compile("error:([0-9a-fA-F]{6,8}):(.*)", Pattern.DOTALL);
    private static final String VERIFY_FAILED = "CERTIFICATE_VERIFY_FAILED";

    private static final String WRONG_VERSION =
            "TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end";

    private final UpstreamTlsContext proto;
    private final @Nullable TlsMaterial material;
    private final ConcurrentHashMap<String, SslContext> contexts = new ConcurrentHashMap<>();

    private UpstreamTls(UpstreamTlsContext proto, @Nullable TlsMaterial material) {
        this.proto = proto;
        this.material = material;
    }

    /**
     * Compiles {@code config}.
     *
     * @throws InvalidConfigException when it cannot be used whatever the secrets are
     */
    public static UpstreamTls compile(Any config, SecretStore secrets) {
        UpstreamTlsContext proto;
        try {
            proto = config.unpack(UpstreamTlsContext.class);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException(
                    "Unable to unpack as envoy.extensions.transport_sockets.tls.v3."
                            + "UpstreamTlsContext: "
                            + config.getTypeUrl());
        }
        UpstreamTls tls =
                new UpstreamTls(
                        proto, TlsMaterial.resolve(proto.getCommonTlsContext(), secrets, false));
        if (tls.material != null && !proto.getAutoSniSanValidation()) {
            tls.context("");
        }
        return tls;
    }

    /** Whether connections can be opened: the secrets are there. */
    public boolean ready() {
        return material != null;
    }

    /**
     * A handler for one connection.
     *
     * @param host the request's host, for {@code auto_host_sni}; empty when there is none
     */
    public SslHandler handler(ByteBufAllocator allocator, String host) {
        String sni = proto.getSni();
        if (sni.isEmpty() && !host.isEmpty()) {
            sni = host;
        }
        SslContext context = context(proto.getAutoSniSanValidation() ? sni : "");
        return sni.isEmpty()
                ? context.newHandler(allocator)
                : context.newHandler(allocator, sni, 443);
    }

    private SslContext context(String sniToMatch) {
        TlsMaterial present = material;
        if (present == null) {
            throw new IllegalStateException("TLS secrets are missing");
        }
        return contexts.computeIfAbsent(
                sniToMatch,
                name ->
                        TlsContexts.client(
                                present, present.verifier(name.isEmpty() ? null : name)));
    }

    /** What Envoy's log says of a failed handshake. */
    public static String failureReason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotSslRecordException) {
                return WRONG_VERSION;
            }
            String message = String.valueOf(cause.getMessage());
            if (message.contains(VERIFY_FAILED)) {
                int words = message.indexOf(VERIFY_FAILED);
                return "TLS_error:|268435581:SSL routines:OPENSSL_internal:"
                        + message.substring(words)
                        + ":TLS_error_end";
            }
            Matcher matcher = OPENSSL_ERROR.matcher(message);
            if (matcher.find()) {
                return "TLS_error:|"
                        + Long.parseLong(matcher.group(1), 16)
                        + ":"
                        + matcher.group(2).trim()
                        + (matcher.group(2).contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")
                                ? ":peer did not provide required client certificate"
                                : "")
                        + ":TLS_error_end";
            }
        }
        return "TLS_error:|" + String.valueOf(failure.getMessage()) + ":TLS_error_end";
    }
}
