package dev.meshdojo.simulator.shell.command.openssl;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.command.text.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** {@code openssl x509}: prints what the options ask for, in their order. */
final class PrintCertificate {

    private static final Set<String> FLAGS =
            Set.of(
                    "noout",
                    "text",
                    "subject",
                    "issuer",
                    "dates",
                    "startdate",
                    "enddate",
                    "serial",
                    "fingerprint",
                    "pubkey",
                    "sha1",
                    "sha256",
                    "sha512");
    private static final Set<String> VALUED =
            Set.of("in", "inform", "outform", "ext", "checkend", "checkhost", "nameopt");

    private PrintCertificate() {}

    static int run(List<String> words, Invocation in) throws IOException {
        Arguments arguments = Arguments.parse("x509", FLAGS, VALUED, words);
        if (!arguments.operands().isEmpty()) {
            throw new UsageException(
                    1,
                    "x509: Extra argument: "
                            + arguments.operands().getFirst()
                            + " (a file is named with -in)");
        }
        X509Certificate certificate = Certificates.read(arguments.value("in", ""), in).getFirst();
        CertificateText text = new CertificateText(certificate);
        int status = 0;
        for (Arguments.Given option : arguments.given()) {
            status = Math.max(status, print(option, arguments, certificate, text, in));
        }
        if (!arguments.has("noout")) {
            in.stdout().print(Certificates.pem(certificate));
        }
        return status;
    }

    private static int print(
            Arguments.Given option,
            Arguments arguments,
            X509Certificate certificate,
            CertificateText text,
            Invocation in)
            throws IOException {
        PrintStream out = in.stdout();
        switch (option.name()) {
            case "text" -> text.all().forEach(out::println);
            case "subject" -> out.println("subject=" + text.subject());
            case "issuer" -> out.println("issuer=" + text.issuer());
            case "startdate" -> out.println("notBefore=" + text.notBefore());
            case "enddate" -> out.println("notAfter=" + text.notAfter());
            case "dates" -> {
                out.println("notBefore=" + text.notBefore());
                out.println("notAfter=" + text.notAfter());
            }
            case "serial" -> out.println("serial=" + text.serial());
            case "fingerprint" -> out.println(fingerprint(arguments, certificate));
            case "ext" -> {
                List<String> extensions = text.extensions(option.value());
                extensions.forEach(out::println);
                if (extensions.isEmpty()) {
                    in.stderr().println("No extensions matches specified in certificate");
                }
            }
            case "pubkey" ->
                    out.print(
                            "-----BEGIN PUBLIC KEY-----\n"
                                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                            .encodeToString(certificate.getPublicKey().getEncoded())
                                    + "\n-----END PUBLIC KEY-----\n");
            case "checkend" -> {
                return checkEnd(option.value(), certificate, in);
            }
            case "checkhost" -> {
                boolean matches = HostNames.matches(certificate, option.value());
                out.println(
                        "Hostname "
                                + option.value()
                                + (matches ? " does match" : " does NOT match")
                                + " certificate");
            }
            default -> {
                return 0;
            }
        }
        return 0;
    }

    private static int checkEnd(String seconds, X509Certificate certificate, Invocation in) {
        Instant then;
        try {
            then = in.host().clock().instant().plusSeconds(Long.parseLong(seconds));
        } catch (NumberFormatException e) {
            throw new UsageException(
                    1, "x509: -checkend needs a number of seconds, not '" + seconds + "'");
        }
        boolean expires = certificate.getNotAfter().toInstant().isBefore(then);
        in.stdout().println(expires ? "Certificate will expire" : "Certificate will not expire");
        return expires ? 1 : 0;
    }

    private static String fingerprint(Arguments arguments, X509Certificate certificate)
            throws IOException {
        String digest =
                arguments.has("sha512") ? "SHA-512" : arguments.has("sha256") ? "SHA-256" : "SHA-1";
        try {
            byte[] hash = MessageDigest.getInstance(digest).digest(certificate.getEncoded());
            String name = digest.replace("-", "");
            return (name.equals("SHA1") && !arguments.has("sha1")
                            ? name
                            : name.toLowerCase(Locale.ROOT))
                    + " Fingerprint="
                    + CertificateText.colons(hash);
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IOException("no fingerprint: " + e.getMessage(), e);
        }
    }
}
