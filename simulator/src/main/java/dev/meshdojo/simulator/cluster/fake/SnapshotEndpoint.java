package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.HttpExtension;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.UserInfo;
import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.apiserver.storage.SnapshotException;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFormat;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@value #PATH}: GET answers a running cluster's state as the bytes of a snapshot file, POST takes
 * the cluster back to such a state. A state holds every Secret and the authority's key, so both are
 * for members of {@code system:masters} alone, whatever RBAC grants. No part of Kubernetes' API;
 * discovery does not list it.
 */
public final class SnapshotEndpoint implements HttpExtension {

    /** Where it answers. */
    public static final String PATH = "/meshdojo/snapshot";

    /** The media type of a state. */
    public static final String MEDIA_TYPE = "application/vnd.meshdojo.snapshot";

    private final Supplier<Snapshot> taken;
    private final Consumer<Snapshot> restored;

    SnapshotEndpoint(Supplier<Snapshot> taken, Consumer<Snapshot> restored) {
        this.taken = taken;
        this.restored = restored;
    }

    @Override
    public @Nullable ApiResponse answer(ApiRequest request) {
        if (!request.path().equals(PATH)) {
            return null;
        }
        if (!request.user().groups().contains(UserInfo.MASTERS)) {
            throw Statuses.forbidden(
                    "",
                    "",
                    "",
                    "User \""
                            + request.user().username()
                            + "\" is not in group \""
                            + UserInfo.MASTERS
                            + "\", which alone may save and restore the cluster");
        }
        return switch (request.method()) {
            case "GET" -> ApiResponse.bytes(200, MEDIA_TYPE, SnapshotFormat.encode(taken.get()));
            case "POST" -> restore(request.body());
            default ->
                    throw Statuses.failure(
                            405,
                            "MethodNotAllowed",
                            "the server does not allow this method on the requested resource",
                            null);
        };
    }

    private ApiResponse restore(byte[] body) {
        try {
            restored.accept(SnapshotFormat.decode(body, "the request body"));
            return ApiResponse.text(200, "ok\n");
        } catch (SnapshotException e) {
            throw Statuses.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
