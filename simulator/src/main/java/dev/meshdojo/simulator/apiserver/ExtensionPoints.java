package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an {@link ApiServerExtension} can hook into, before the server listens. */
public interface ExtensionPoints {

    /** All verbs with full rights, under a field manager's name. */
    ResourceApi api(String fieldManager);

    /** The served kinds; may be changed at any time. */
    ResourceRegistry registry();

    /** Whom a service account's token stands for; null when it is not good for the audiences. */
    @Nullable UserInfo tokenUser(String token, List<String> audiences);

    /** Adds a step of admission after those already there. */
    void admission(AdmissionPlugin plugin);

    /**
     * Asks admission whether a pod may be connected to. Blocks while webhooks are asked.
     *
     * @param options what is asked for, such as {@code PodExecOptions}
     * @throws ApiException when it may not
     */
    void connect(
            UserInfo user, String namespace, String pod, String subresource, ObjectNode options);

    /** Sets what renders tables. */
    void tables(TableRenderer renderer);

    /** Adds answers for paths. */
    void http(HttpExtension extension);

    /**
     * Whether the server goes on from a snapshot, so that what it came with may be there or not.
     */
    boolean restored();

    /** Runs something whenever all objects were replaced by those of a snapshot. */
    void onRestore(Runnable action);

    /**
     * Takes requests without credentials as those of {@code system:anonymous}; only together with
     * something that authorizes.
     */
    void allowAnonymous();

    /** Closes something with the server, last added first. */
    void onClose(AutoCloseable resource);
}
