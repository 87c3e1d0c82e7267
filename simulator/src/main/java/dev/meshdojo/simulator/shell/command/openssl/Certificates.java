package dev.meshdojo.simulator.shell.command.openssl;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes certificates as PEM or DER. */
final class Certificates {

    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----.*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----",
                    Pattern.DOTALL);

    private Certificates() {}

    /**
     * All certificates of a file; of standard input for {@code -} or an empty name.
     *
     * @throws IOException when there is no certificate in it; the message says where
     */
    static List<X509Certificate> read(String name, Invocation in) throws IOException {
        return parse(bytes(name, in), name.isEmpty() || name.equals("-") ? "<stdin>" : name);
    }

    private static byte[] bytes(String name, Invocation in) throws IOException {
        if (name.isEmpty() || name.equals("-")) {
            return in.stdin().readAllBytes();
        }
        Path file = in.file(name);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(name);
        }
        try (InputStream content = Files.newInputStream(file)) {
            return content.readAllBytes();
        }
    }

    static List<X509Certificate> parse(byte[] content, String source) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            Matcher blocks = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
            while (blocks.find()) {
                certificates.add(
                        (X509Certificate)
                                factory.generateCertificate(
                                        new ByteArrayInputStream(
                                                blocks.group()
                                                        .getBytes(StandardCharsets.ISO_8859_1))));
            }
            if (certificates.isEmpty() && content.length > 0 && content[0] == 0x30) {
                certificates.add(
                        (X509Certificate)
                                factory.generateCertificate(new ByteArrayInputStream(content)));
            }
        } catch (CertificateException e) {
            throw new IOException(
                    "Could not read certificate from " + source + ": " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new IOException("Could not read certificate from " + source);
        }
        return certificates;
    }

    static String pem(X509Certificate certificate) throws IOException {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IOException("cannot encode the certificate", e);
        }
    }
}
