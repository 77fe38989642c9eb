#!/bin/sh
# Makes the corpus anew with OpenSSL 3; the keys are thrown away. `sh make.sh` in this directory.
set -e
keys=$(mktemp -d)
trap 'rm -r "$keys"' EXIT
names="subjectAltName=DNS:www.example.com,DNS:*.example.com,DNS:shop.example.com"
request() { # file, algorithm, options
    out=$1
    shift
    openssl genpkey -algorithm "$@" -out "$keys/key" 2>/dev/null
    openssl req -new -key "$keys/key" -subj "/C=US/O=Example, Inc./CN=www.example.com" -addext "$names" -out "$out.csr.pem"
}
request rsa RSA -pkeyopt rsa_keygen_bits:2048
request p256 EC -pkeyopt ec_paramgen_curve:P-256
request p384 EC -pkeyopt ec_paramgen_curve:P-384
request p256-explicit EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit
request ed25519 ED25519
request ed448 ED448
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out "$keys/dsa" 2>/dev/null
openssl genpkey -paramfile "$keys/dsa" -out "$keys/key"
openssl req -new -key "$keys/key" -subj "/C=US/O=Example, Inc./CN=www.example.com" -addext "$names" -out dsa.csr.pem

# Everything else with the smallest key.
openssl genpkey -algorithm ED25519 -out "$keys/key"
make() { openssl req -new -key "$keys/key" "$@"; }
make -subj "/CN=plain.example.com" -out no-names.csr.pem
make -subj "/" -addext "subjectAltName=DNS:only.example.com" -out no-subject.csr.pem
make -subj "/CN=first.example.com/CN=second.example.com" -out several-cns.csr.pem
make -subj "/CN=first.example.com+OU=Web/CN=second.example.com" -multivalue-rdn -out several-values.csr.pem
make -utf8 -subj "/CN=bücher.example" -out utf8.csr.pem
make -subj "/CN=Jane Doe" -addext "subjectAltName=email:jane@example.com,URI:https://example.com/a,IP:192.0.2.17,IP:2001:db8::1,RID:1.2.3.4,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:jane@example.com,dirName:dir,DNS:mail.example.com" \
    -config /dev/stdin -out every-kind.csr.pem <<CONF
[req]
distinguished_name=dn
[dn]
[dir]
CN=in.a.directory.example
CONF
for mask in default pkix utf8only nombstr "MASK:0x800" "MASK:0x4"; do
    file=$(printf '%s' "$mask" | tr 'A-Z:' 'a-z-')
    printf '[req]\ndistinguished_name=dn\nprompt=no\nstring_mask=%s\n[dn]\nCN=www.example.com\n' "$mask" |
        make -config /dev/stdin -out "mask-$file.csr.pem"
done
{ printf 'subjectAltName=DNS:host0.example.com'; for n in $(seq 249); do printf ',DNS:host%s.example.com' "$n"; done; } >"$keys/many"
make -subj "/CN=host0.example.com" -addext "$(cat "$keys/many")" -out many.csr.pem
sed 's/CERTIFICATE REQUEST/NEW CERTIFICATE REQUEST/' p256.csr.pem >new-label.csr.pem

certificate() { openssl req -x509 -key "$keys/key" -days 199 "$@"; }
certificate -subj "/CN=www.example.com" -addext "$names" -out self-signed.crt.pem
certificate -subj "/CN=Example Root CA" -out authority.crt.pem
{ cat self-signed.crt.pem authority.crt.pem; cat "$keys/key"; } >"$keys/chain"
sed 's/^/    /; s/PRIVATE KEY/PUBLIC KEY/' "$keys/chain" >chain-indented.crt.pem
openssl x509 -in self-signed.crt.pem -trustout -addtrust serverAuth -out trusted.crt.pem
openssl x509 -in self-signed.crt.pem -text -out text.crt.pem
openssl req -in p256.csr.pem -noout -text >text.csr.txt
openssl x509 -in self-signed.crt.pem -noout -text >text.crt.txt
openssl crl2pkcs7 -nocrl -certfile self-signed.crt.pem -out other-label.pem
