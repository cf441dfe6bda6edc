#!/bin/sh
# Certificates for GRPC_TLS_*, as far as they are missing: an authority of our own, and for each process a certificate under
# the name by which the others call it. To renew one, delete its .crt and run this again; DAYS is how long it is good for.
set -eu
umask 077
folder=${1:?usage: grpc-certificates.sh <folder of the secrets>}
mkdir -p "$folder"
cd "$folder"
key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
config=$(mktemp)
trap 'rm -f "$config" request.csr' EXIT
cat >"$config" <<'CONFIG'
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
CONFIG

if [ ! -f grpc-ca.crt ]; then
  # shellcheck disable=SC2086
  openssl req -x509 $key -config "$config" -extensions authority -days 3650 -subj '/CN=TOM Flow processes' \
    -keyout grpc-ca.key -out grpc-ca.crt
fi

for app in stage-service activity-service task-service workflow-service gateway; do
  [ ! -f "$app.grpc.crt" ] || continue
  # shellcheck disable=SC2086
  openssl req $key -config "$config" -subj "/CN=$app" -keyout "$app.grpc.key.new" -out request.csr
  printf 'basicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = serverAuth, clientAuth\nsubjectAltName = DNS:%s\n' "$app" |
    openssl x509 -req -in request.csr -CA grpc-ca.crt -CAkey grpc-ca.key -set_serial "0x$(openssl rand -hex 16)" \
      -days "${DAYS:-365}" -extfile /dev/stdin -out "$app.grpc.crt.new"
  # the folder is closed; a container is given single files and may run as anybody
  chmod 444 "$app.grpc.key.new" "$app.grpc.crt.new"
  mv -f "$app.grpc.key.new" "$app.grpc.key"
  mv -f "$app.grpc.crt.new" "$app.grpc.crt"
done
chmod 444 grpc-ca.crt
echo "$PWD holds grpc-ca.crt and <process>.grpc.crt, <process>.grpc.key; keep grpc-ca.key away from the processes"
