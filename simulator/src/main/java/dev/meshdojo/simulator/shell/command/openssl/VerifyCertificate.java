package dev.meshdojo.simulator.shell.command.openssl;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** {@code openssl verify}. */
final class VerifyCertificate {

    private static final int FAILED = 2;

    private VerifyCertificate() {}

    static int run(List<String> words, Invocation in) throws IOException {
        Arguments arguments =
                Arguments.parse(
                        "verify",
                        Set.of("verbose", "partial_chain"),
                        Set.of("CAfile", "trusted", "untrusted", "verify_hostname"),
                        words);
        List<X509Certificate> trusted =
                optional(arguments.value("CAfile", arguments.value("trusted", "")), in);
        List<X509Certificate> untrusted = optional(arguments.value("untrusted", ""), in);
        int status = 0;
        for (String name : arguments.operands().isEmpty() ? List.of("-") : arguments.operands()) {
            X509Certificate certificate = Certificates.read(name, in).getFirst();
            String shown = name.equals("-") ? "stdin" : name;
            ChainCheck check =
                    ChainCheck.of(certificate, untrusted, trusted, in.host().clock().instant());
            ChainCheck.Failure failure = check.failure();
            String host = arguments.value("verify_hostname", "");
            if (failure == null && !host.isEmpty() && !HostNames.matches(certificate, host)) {
                failure = new ChainCheck.Failure(62, "hostname mismatch", 0);
            }
            if (failure == null) {
                in.stdout().println(shown + ": OK");
            } else {
                status = FAILED;
                X509Certificate at = check.chain().get(failure.depth());
                in.stderr().println(new CertificateText(at).subject());
                in.stderr()
                        .println(
                                "error %d at %d depth lookup: %s"
                                        .formatted(
                                                failure.code(),
                                                failure.depth(),
                                                failure.message()));
                in.stderr().println("error " + shown + ": verification failed");
            }
        }
        return status;
    }

    private static List<X509Certificate> optional(String name, Invocation in) throws IOException {
        return name.isEmpty() ? List.of() : Certificates.read(name, in);
    }
}
