package dev.meshdojo.simulator.apiserver.rest;

import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.HttpExtension;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.UserInfo;
import dev.meshdojo.simulator.apiserver.builtin.BuiltinResources;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Leads each request to what answers it. Thread-safe. */
public final class Dispatcher {

    /** The largest body that is read, in bytes. */
    private static final int MAX_BODY = 3 * 1024 * 1024;

    private static final Set<String> BUILTIN_GROUPS =
            BuiltinResources.all().stream()
                    .map(ResourceDefinition::group)
                    .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

    private final Authenticator authenticator;
    private final ResourceHandler resources;
    private final ExecutorService executor;
    private final List<HttpExtension> extensions = new CopyOnWriteArrayList<>();
    private final LongAdder writes = new LongAdder();
    private volatile boolean anonymous;

    /**
     * @param executor runs every request; one virtual thread each
     */
    public Dispatcher(
            Authenticator authenticator, ResourceHandler resources, ExecutorService executor) {
        this.authenticator = authenticator;
        this.resources = resources;
        this.executor = executor;
    }

    /** Takes requests without credentials as those of {@code system:anonymous}. */
    public void allowAnonymous() {
        anonymous = true;
    }

    /** Adds answers for paths. */
    public void extension(HttpExtension extension) {
        extensions.add(extension);
    }

    /** How many requests were let through that may change an object. */
    public long writes() {
        return writes.sum();
    }

    ExecutorService executor() {
        return executor;
    }

    UserInfo authenticate(HttpHeaders headers, @Nullable X509Certificate certificate) {
        UserInfo user = authenticator.authenticate(headers.get("authorization"), certificate);
        if (user == null && anonymous && !headers.contains("authorization")) {
            user = UserInfo.ANONYMOUS;
        }
        if (user == null) {
            throw Statuses.failure(401, "Unauthorized", "Unauthorized", null);
        }
        return impersonate(headers, user);
    }

    private static UserInfo impersonate(HttpHeaders headers, UserInfo user) {
        String name = headers.get("impersonate-user");
        if (name == null) {
            List<String> groups = headers.getAll("impersonate-group");
            if (!groups.isEmpty()) {
                String listed =
                        String.join(
                                " ",
                                groups.stream()
                                        .map(group -> "{Group  " + group + "    }")
                                        .toList());
                throw Statuses.badRequest(
                        "requested [" + listed + "] without impersonating a user");
            }
            return user;
        }
        if (!user.groups().contains(UserInfo.MASTERS)) {
            throw Statuses.forbidden(
                    "",
                    "users",
                    name,
                    "User \""
                            + user.username()
                            + "\" cannot impersonate resource \"users\" in API group \"\" at the"
                            + " cluster scope");
        }
        List<String> groups = new ArrayList<>(headers.getAll("impersonate-group"));
        if (groups.isEmpty() && name.startsWith(SERVICE_ACCOUNT)) {
            groups.add("system:serviceaccounts");
            groups.add("system:serviceaccounts:" + name.split(":", -1)[2]);
        }
        if (!name.equals("system:anonymous")
                && !groups.contains("system:authenticated")
                && !groups.contains("system:unauthenticated")) {
            groups.add("system:authenticated");
        }
        Map<String, List<String>> extra = new LinkedHashMap<>();
        headers.forEach(
                header -> {
                    String key = header.getKey().toLowerCase(java.util.Locale.ROOT);
                    if (key.startsWith("impersonate-extra-")) {
                        extra.computeIfAbsent(
                                        key.substring("impersonate-extra-".length()),
                                        _ -> new ArrayList<>())
                                .add(header.getValue());
                    }
                });
        String uid = headers.get("impersonate-uid");
        return new UserInfo(name, uid == null ? "" : uid, groups, extra);
    }

    boolean upgrade(ApiRequest request, ChannelHandlerContext context, FullHttpRequest raw) {
        try {
            extensions.forEach(extension -> extension.authorize(request));
        } catch (ApiException e) {
            return false; // the answer without upgrade is the refusal
        }
        for (HttpExtension extension : extensions) {
            if (extension.upgrade(request, context, raw)) {
                return true;
            }
        }
        Path path = Path.parse(request);
        if (path == null
                || !ResourceHandler.isWatch(request, path)
                || !"websocket".equalsIgnoreCase(request.header("upgrade"))) {
            return false;
        }
        WebSocketSink sink = WebSocketSink.open(context, raw);
        if (sink == null) {
            return false;
        }
        executor.execute(
                () -> {
                    try {
                        resources.watch(request, path, sink);
                    } catch (ApiException _) {
                        sink.abort();
                    }
                });
        return true;
    }

    void dispatch(ApiRequest request, ResponseWriter writer) {
        try {
            ApiResponse special = special(request);
            if (special != null) {
                writer.write(request, special);
                return;
            }
            for (HttpExtension extension : extensions) {
                ApiResponse answer = extension.answer(request);
                if (answer != null) {
                    writer.write(request, answer);
                    return;
                }
            }
            if (request.body().length > MAX_BODY) {
                throw Statuses.failure(
                        413,
                        "RequestEntityTooLarge",
                        "Request entity too large: limit is " + MAX_BODY,
                        null);
            }
            Path path = Path.parse(request);
            if (path == null && versionOfBuiltin(request.path())) {
                throw Statuses.noSuchResource();
            }
            if (path == null) {
                writer.write(request, ApiResponse.text(404, "404 page not found\n"));
                return;
            }
            if (!READING.contains(request.method())) {
                writes.increment();
            }
            resources.handle(request, path, writer);
        } catch (ApiException e) {
            writer.write(request, ApiResponse.json(e.code(), e.status()));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, () -> request.method() + " " + request.path() + " failed", e);
            ApiException failure = Statuses.internal(e.toString());
            writer.write(request, ApiResponse.json(500, failure.status()));
        }
    }

    /** Whether a path names a version that a group of built-in kinds does not have. */
    private static boolean versionOfBuiltin(String path) {
        String[] parts = path.split("/");
        return (parts.length == 3 && parts[1].equals("api"))
                || (parts.length == 4
                        && parts[1].equals("apis")
                        && BUILTIN_GROUPS.contains(parts[2]));
    }

    /** Health is told before anyone is asked who he is. */
    private static @Nullable ApiResponse special(ApiRequest request) {
        return HealthChecks.answer(request);
    }
}
