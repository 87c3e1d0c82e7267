package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/**
 * Signs approved CertificateSigningRequests of Kubernetes' own signers with the cluster's
 * authority. Source: {@code pkg/controller/certificates/signer}.
 */
public final class CertificateRequestController extends Controller {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration SHORTEST = Duration.ofMinutes(10);

    private final Informer requests;
    private final Authority authority;

    /** Whoever holds the cluster's key. */
    @FunctionalInterface
    public interface Authority {
        /** The certificate for a request, as PEM. */
        String sign(PKCS10CertificationRequest request, List<String> usages, Duration life);
    }

    /** Watches requests once started. */
    public CertificateRequestController(ControllerContext context, Authority authority) {
        super("csrsigning", context);
        this.authority = authority;
        this.requests = context.informer("certificates.k8s.io", "certificatesigningrequests");
        requests.onEach(request -> queue.add(Meta.objectName(request)));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode request = requests.get(target);
        if (request == null
                || !Conditions.holds(request, "Approved")
                || Conditions.holds(request, "Failed")
                || !Fields.text(request, "status", "certificate").isEmpty()) {
            return;
        }
        PKCS10CertificationRequest parsed = parse(Fields.text(request, "spec", "request"));
        if (parsed == null) {
            return;
        }
        List<String> usages = new ArrayList<>();
        request.path("spec").path("usages").forEach(usage -> usages.add(usage.asText()));
        SignerRules.Verdict verdict =
                SignerRules.judge(Fields.text(request, "spec", "signerName"), parsed, usages);
        switch (verdict) {
            case SignerRules.Verdict.Signed() ->
                    write(
                            target,
                            status ->
                                    status.put(
                                            "certificate",
                                            base64(authority.sign(parsed, usages, life(request)))));
            case SignerRules.Verdict.Refused(String message) ->
                    write(target, status -> fail(status, message));
            case SignerRules.Verdict.Ignored() -> {}
        }
    }

    private void write(ObjectName target, java.util.function.Consumer<ObjectNode> change) {
        context.api()
                .editStatus(
                        new ResourceKey(
                                "certificates.k8s.io",
                                "certificatesigningrequests",
                                "",
                                target.name()),
                        live -> {
                            if (live != null) {
                                change.accept(Fields.child(live, "status"));
                            }
                            return live;
                        });
    }

    private void fail(ObjectNode status, String message) {
        String now = context.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
        status.withArray("/conditions")
                .addObject()
                .put("type", "Failed")
                .put("status", "True")
                .put("reason", "SignerValidationFailure")
                .put("message", message)
                .put("lastUpdateTime", now)
                .put("lastTransitionTime", now);
    }

    private static Duration life(ObjectNode request) {
        JsonNode seconds = request.path("spec").path("expirationSeconds");
        if (!seconds.isNumber()) {
            return LONGEST;
        }
        Duration wanted = Duration.ofSeconds(seconds.asLong());
        if (wanted.compareTo(LONGEST) > 0) {
            return LONGEST;
        }
        return wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
    }

    private static @Nullable PKCS10CertificationRequest parse(String encoded) {
        String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            return parser.readObject() instanceof PKCS10CertificationRequest request
                    ? request
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
