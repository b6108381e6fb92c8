# cmake -DFILES=a.pb.h,b.pb.cc -P: generated C++ of packages siren.* moves from ::siren to ::siren::proto (see CMakeLists.txt).
string(REPLACE "," ";" files "${FILES}")
foreach(file ${files})
  file(READ "${file}" text)
  string(REPLACE "namespace siren {" "namespace siren::proto {" text "${text}")
  string(REPLACE "::siren::" "::siren::proto::" text "${text}")
  file(WRITE "${file}" "${text}")
endforeach()
