package dev.meshdojo.simulator.controller.namespace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Fills Secrets of type {@code kubernetes.io/service-account-token} and deletes those whose
 * ServiceAccount is gone. Source: Kubernetes' {@code tokens_controller}.
 */
public final class TokenSecretController extends Controller {

    private static final String TYPE = "kubernetes.io/service-account-token";
    private static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final String ACCOUNT_UID = "kubernetes.io/service-account.uid";

    private final Informer secrets;
    private final Informer accounts;
    private final Signer signer;
    private final String caPem;

    /** Makes a token that does not expire, bound to a Secret. */
    @FunctionalInterface
    public interface Signer {
        /** The signed JWT. */
        String sign(ObjectNode serviceAccount, ObjectNode secret);
    }

    /** Subscribes; runs once started. */
    public TokenSecretController(ControllerContext context, Signer signer, String caPem) {
        super("serviceaccount-token-controller", context);
        this.secrets = context.informer("secrets");
        this.accounts = context.informer("serviceaccounts");
        this.signer = signer;
        this.caPem = caPem;
        secrets.onEach(this::enqueue);
        accounts.onEach(
                account ->
                        secrets.list(Meta.namespace(account)).stream()
                                .filter(s -> Meta.annotation(s, ACCOUNT).equals(Meta.name(account)))
                                .forEach(this::enqueue));
    }

    private void enqueue(ObjectNode secret) {
        if (Fields.text(secret, "type").equals(TYPE)) {
            queue.add(Meta.objectName(secret));
        }
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode secret = secrets.get(target);
        if (secret == null) {
            return;
        }
        ObjectNode account =
                accounts.get(new ObjectName(target.namespace(), Meta.annotation(secret, ACCOUNT)));
        String uid = Meta.annotation(secret, ACCOUNT_UID);
        if (account == null || (!uid.isEmpty() && !uid.equals(Meta.uid(account)))) {
            context.api()
                    .delete(ControllerContext.core("secrets", target.namespace(), target.name()));
            return;
        }
        if (Fields.has(secret, "data", "token") && Fields.has(secret, "data", "ca.crt")) {
            return;
        }
        ObjectNode changed = secret.deepCopy();
        Fields.child(changed, "metadata", "annotations").put(ACCOUNT_UID, Meta.uid(account));
        Fields.child(changed, "data")
                .put("ca.crt", encode(caPem))
                .put("namespace", encode(target.namespace()))
                .put("token", encode(signer.sign(account, secret)));
        secrets.observe(context.api().update(changed));
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
