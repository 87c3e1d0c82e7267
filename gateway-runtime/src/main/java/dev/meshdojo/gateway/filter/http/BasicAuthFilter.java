package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.tls.DataSources;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuth;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Lets in who gives a name and password of an htpasswd file. Source: Envoy "Basic Auth". */
public final class BasicAuthFilter implements HttpFilter {

    private static final String SHA = "{SHA}";
    private static final int SHA_BASE64 = 28;
    private static final int PATH_LIMIT = 256;

    private final String name;
    private final Users users;
    private final String forwardHeader;
    private final String authenticationHeader;

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when its users cannot be read
     */
    public BasicAuthFilter(String name, BasicAuth proto) {
        this.name = name;
        this.users = Users.compile(proto.getUsers());
        this.forwardHeader = proto.getForwardUsernameHeader().toLowerCase(Locale.ROOT);
        this.authenticationHeader =
                proto.getAuthenticationHeader().isEmpty()
                        ? "authorization"
                        : proto.getAuthenticationHeader().toLowerCase(Locale.ROOT);
    }

    /** Names and the SHA-1 of their passwords. */
    public record Users(Map<String, String> hashes) {

        public Users {
            hashes = Map.copyOf(hashes);
        }

        /**
         * Reads htpasswd lines.
         *
         * @throws InvalidConfigException when one is invalid or not of the form SHA
         */
        public static Users compile(DataSource source) {
            Map<String, String> hashes = new HashMap<>();
            String text = new String(DataSources.read(source), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                int colon = line.indexOf(':');
                if (colon < 1 || colon == line.length() - 1) {
                    throw new InvalidConfigException(
                            "basic auth: invalid htpasswd format, invalid user name or password");
                }
                String hash = line.substring(colon + 1);
                if (!hash.startsWith(SHA)) {
                    throw new InvalidConfigException(
                            "basic auth: unsupported htpasswd format: please use {SHA}");
                }
                String digest = hash.substring(SHA.length());
                if (digest.length() != SHA_BASE64) {
                    throw new InvalidConfigException(
                            "basic auth: invalid htpasswd format, invalid SHA hash length");
                }
                if (hashes.put(line.substring(0, colon), digest) != null) {
                    throw new InvalidConfigException("basic auth: duplicate users");
                }
            }
            return new Users(hashes);
        }

        private boolean accepts(String user, String password) {
            try {
                byte[] digest =
                        MessageDigest.getInstance("SHA-1")
                                .digest(password.getBytes(StandardCharsets.ISO_8859_1));
                return Base64.getEncoder().encodeToString(digest).equals(hashes.get(user));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java runtime lacks SHA-1", e);
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        Users known = context.routeConfig(name) instanceof Users own ? own : users;
        RequestHead request = context.request();
        String given = request.headers().get(authenticationHeader);
        if (given == null) {
            return denied(
                    request, "Missing username and password.", "no_credential_for_basic_auth");
        }
        if (!given.startsWith("Basic ")) {
            return denied(
                    request,
                    "Expected 'Basic' authentication scheme.",
                    "invalid_scheme_for_basic_auth");
        }
        String credential = decoded(given.substring(6));
        int colon = credential.indexOf(':');
        if (colon < 0) {
            return denied(
                    request, "Invalid basic credential format.", "invalid_format_for_basic_auth");
        }
        String user = credential.substring(0, colon);
        if (!known.accepts(user, credential.substring(colon + 1))) {
            return denied(
                    request,
                    "Invalid username/password combination.",
                    "invalid_credential_for_basic_auth");
        }
        if (!forwardHeader.isEmpty()) {
            request.headers().set(forwardHeader, user);
        }
        return FilterResult.proceed();
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static FilterResult denied(RequestHead request, String why, String details) {
        HeaderMap headers = new HeaderMap(2);
        String path = request.path();
        headers.add(
                "www-authenticate",
                "Basic realm=\""
                        + request.scheme()
                        + "://"
                        + request.authority()
                        + path.substring(0, Math.min(path.length(), PATH_LIMIT))
                        + "\"");
        return new FilterResult.Reply(
                new LocalReply(
                        401,
                        "User authentication failed. " + why,
                        headers,
                        details,
                        Set.of(),
                        null));
    }
}
