package dev.meshdojo.simulator.apiserver.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What a certificate may be used for.
 *
 * @param bits of the extension {@code keyUsage}
 * @param purposes of the extension {@code extendedKeyUsage}
 */
record RequestedUsages(int bits, List<KeyPurposeId> purposes) {

    private static final Map<String, Integer> BITS =
            Map.of(
                    "signing", KeyUsage.digitalSignature,
                    "digital signature", KeyUsage.digitalSignature,
                    "content commitment", KeyUsage.nonRepudiation,
                    "key encipherment", KeyUsage.keyEncipherment,
                    "key agreement", KeyUsage.keyAgreement,
                    "data encipherment", KeyUsage.dataEncipherment,
                    "cert sign", KeyUsage.keyCertSign,
                    "crl sign", KeyUsage.cRLSign,
                    "encipher only", KeyUsage.encipherOnly,
                    "decipher only", KeyUsage.decipherOnly);
    private static final Map<String, KeyPurposeId> PURPOSES =
            Map.of(
                    "any", KeyPurposeId.anyExtendedKeyUsage,
                    "server auth", KeyPurposeId.id_kp_serverAuth,
                    "client auth", KeyPurposeId.id_kp_clientAuth,
                    "code signing", KeyPurposeId.id_kp_codeSigning,
                    "email protection", KeyPurposeId.id_kp_emailProtection,
                    "s/mime", KeyPurposeId.id_kp_emailProtection,
                    "ipsec end system", KeyPurposeId.id_kp_ipsecEndSystem,
                    "ipsec tunnel", KeyPurposeId.id_kp_ipsecTunnel,
                    "ipsec user", KeyPurposeId.id_kp_ipsecUser,
                    "timestamping", KeyPurposeId.id_kp_timeStamping);

    /** Usages in the words of the certificates API; words without a meaning are passed over. */
    static RequestedUsages of(List<String> usages) {
        int bits = 0;
        List<KeyPurposeId> purposes = new ArrayList<>();
        for (String usage : usages) {
            bits |= BITS.getOrDefault(usage, 0);
            KeyPurposeId purpose = PURPOSES.get(usage);
            if (purpose != null && !purposes.contains(purpose)) {
                purposes.add(purpose);
            }
        }
        return new RequestedUsages(bits, List.copyOf(purposes));
    }
}
