package dev.meshdojo.simulator.controller.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/** What Kubernetes' own signers sign. Source: {@code pkg/apis/certificates/helpers.go}. */
final class SignerRules {

    private static final Set<String> SERVING =
            new TreeSet<>(Set.of("digital signature", "key encipherment", "server auth"));
    private static final Set<String> CLIENT =
            new TreeSet<>(Set.of("digital signature", "key encipherment", "client auth"));

    private SignerRules() {}

    /** What a signer makes of a request. */
    sealed interface Verdict {
        /** It is signed. */
        record Signed() implements Verdict {}

        /** It fails, for a reason in Kubernetes' words. */
        record Refused(String message) implements Verdict {}

        /** It is somebody else's. */
        record Ignored() implements Verdict {}
    }

    static Verdict judge(String signer, PKCS10CertificationRequest request, List<String> usages) {
        return switch (signer) {
            case "kubernetes.io/kube-apiserver-client" -> verdict(clientProblem(usages));
            case "kubernetes.io/kubelet-serving" ->
                    verdict(kubeletProblem(request, usages, SERVING));
            case "kubernetes.io/kube-apiserver-client-kubelet" ->
                    verdict(kubeletProblem(request, usages, CLIENT));
            default -> new Verdict.Ignored();
        };
    }

    private static Verdict verdict(@Nullable String problem) {
        return problem == null ? new Verdict.Signed() : new Verdict.Refused(problem);
    }

    private static @Nullable String clientProblem(List<String> usages) {
        for (String usage : usages) {
            if (!CLIENT.contains(usage)) {
                return "invalid usage for client certificate: " + usage;
            }
        }
        return usages.contains("client auth")
                ? null
                : "missing required usage for client certificate: client auth";
    }

    private static @Nullable String kubeletProblem(
            PKCS10CertificationRequest request, List<String> usages, Set<String> wanted) {
        boolean serving = wanted.contains("server auth");
        if (!texts(request.getSubject(), BCStyle.O).equals(List.of("system:nodes"))) {
            return "subject organization is not system:nodes";
        }
        List<GeneralName> names = names(request);
        boolean hosts = has(names, GeneralName.dNSName);
        boolean addresses = has(names, GeneralName.iPAddress);
        if (serving && !hosts && !addresses) {
            return "DNS or IP subjectAltName is required";
        }
        if (!serving && hosts) {
            return "DNS subjectAltNames are not allowed";
        }
        if (has(names, GeneralName.rfc822Name)) {
            return "Email subjectAltNames are not allowed";
        }
        if (!serving && addresses) {
            return "IP subjectAltNames are not allowed";
        }
        if (has(names, GeneralName.uniformResourceIdentifier)) {
            return "URI subjectAltNames are not allowed";
        }
        Set<String> given = new TreeSet<>(usages);
        Set<String> fewer = new TreeSet<>(wanted);
        fewer.remove("key encipherment");
        boolean fits = given.equals(wanted) || given.equals(fewer);
        String mismatch = "usages did not match [" + String.join(" ", wanted) + "]";
        if (serving && !fits) {
            return mismatch;
        }
        List<String> common = texts(request.getSubject(), BCStyle.CN);
        if (common.isEmpty() || !common.getFirst().startsWith("system:node:")) {
            return "subject common name does not begin with system:node:";
        }
        return fits ? null : mismatch;
    }

    private static List<String> texts(
            X500Name subject, org.bouncycastle.asn1.ASN1ObjectIdentifier type) {
        List<String> texts = new ArrayList<>();
        for (RDN part : subject.getRDNs(type)) {
            texts.add(IETFUtils.valueToString(part.getFirst().getValue()));
        }
        return texts;
    }

    private static List<GeneralName> names(PKCS10CertificationRequest request) {
        Extensions extensions = request.getRequestedExtensions();
        GeneralNames names =
                extensions == null
                        ? null
                        : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        return names == null ? List.of() : List.of(names.getNames());
    }

    private static boolean has(List<GeneralName> names, int tag) {
        return names.stream().anyMatch(name -> name.getTagNo() == tag);
    }
}
