package dev.meshdojo.simulator.controller.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;

/**
 * Says whether Issuers, or ClusterIssuers, can sign. Kinds other than self-signed and CA stay
 * without a status. Source: cert-manager's {@code pkg/controller/issuers}.
 */
final class IssuerController extends Controller {

    private final String plural;
    private final Informer issuers;
    private final Informer secrets;
    private final EventRecorder events;

    IssuerController(String name, String plural, ControllerContext context) {
        super(name, context);
        this.plural = plural;
        this.issuers = context.informer(Issuers.GROUP, plural);
        this.secrets = context.informer("secrets");
        this.events = new EventRecorder(context, name);
        issuers.onEach(issuer -> queue.add(Meta.objectName(issuer)));
        secrets.onEach(
                secret -> {
                    for (ObjectNode issuer : issuers.list("")) {
                        if (Issuers.caSecret(issuer).equals(Meta.name(secret))
                                && Issuers.secretNamespace(issuer).equals(Meta.namespace(secret))) {
                            queue.add(Meta.objectName(issuer));
                        }
                    }
                });
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode issuer = issuers.get(target);
        if (issuer == null) {
            return;
        }
        String secret = Issuers.caSecret(issuer);
        if (Issuers.selfSigned(issuer)) {
            write(issuer, "True", "IsReady", "");
        } else if (!secret.isEmpty()) {
            checkCa(issuer, secret);
        }
    }

    private void checkCa(ObjectNode issuer, String name) {
        ObjectNode secret = secrets.get(new ObjectName(Issuers.secretNamespace(issuer), name));
        boolean before = Conditions.holds(issuer, "Ready");
        if (secret == null) {
            String message =
                    "Error getting keypair for CA issuer: secrets \"" + name + "\" not found";
            events.event(issuer, EventRecorder.WARNING, "ErrGetKeyPair", message);
            write(issuer, "False", "ErrGetKeyPair", message);
        } else if (Issuers.signer(secret) == null) {
            String message =
                    "Error getting keypair for CA issuer: error decoding certificate PEM block";
            events.event(issuer, EventRecorder.WARNING, "ErrInvalidKeyPair", message);
            write(issuer, "False", "ErrInvalidKeyPair", message);
        } else {
            write(issuer, "True", "KeyPairVerified", "Signing CA verified");
            if (!before) {
                events.event(
                        issuer, EventRecorder.NORMAL, "KeyPairVerified", "Signing CA verified");
            }
        }
    }

    private void write(ObjectNode issuer, String value, String reason, String message) {
        ObjectNode status =
                issuer.get("status") instanceof ObjectNode old ? old.deepCopy() : Fields.object();
        Conditions.set(status, "Ready", value, reason, message, context.now());
        for (ObjectNode condition : Fields.objects(status, "conditions")) {
            condition.put("observedGeneration", Meta.generation(issuer));
        }
        storeStatus(
                issuers,
                new ResourceKey(Issuers.GROUP, plural, Meta.namespace(issuer), Meta.name(issuer)),
                issuer,
                status);
    }
}
